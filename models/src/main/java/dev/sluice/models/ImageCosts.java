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
}
