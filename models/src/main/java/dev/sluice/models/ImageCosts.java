package dev.sluice.models;

/**
 * What one picture needs at the most while it is in the process, in bytes. Immutable.
 *
 * @param tilesBytes decoded tiles, on the host
 * @param encodeBytes device memory of its share of an encode batch
 * @param tokensBytes its visual tokens
 * @param prefillBytes device memory of its prompt's pass through the language model
 */
public record ImageCosts(long tilesBytes, long encodeBytes, long tokensBytes, long prefillBytes) {

  /** The worst case that a credit covers. */
  public long totalBytes() {
    return tilesBytes + encodeBytes + tokensBytes + prefillBytes;
  }

  /**
   * What of the worst case a picture with fewer tiles does not need.
   *
   * @param mostTiles that a picture of the model may have
   */
  public long sparedBytes(int tiles, int mostTiles) {
    long worst = tilesBytes + encodeBytes + tokensBytes;
    return tiles >= mostTiles ? 0 : worst / mostTiles * (mostTiles - tiles);
  }
}
