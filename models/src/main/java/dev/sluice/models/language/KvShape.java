package dev.sluice.models.language;

/**
 * What one position leaves in the key-value cache. Immutable.
 *
 * @param heads key-value heads
 * @param headSize D
 */
public record KvShape(int layers, int heads, int headSize) {

  /** Elements of one position in one layer, keys and values. */
  public long elementsPerLayer() {
    return 2L * heads * headSize;
  }

  /** Elements of one position in all layers. */
  public long elementsPerPosition() {
    return layers * elementsPerLayer();
  }

  /** Bytes of one position in all layers. */
  public long bytesPerPosition(int elementBytes) {
    return elementsPerPosition() * elementBytes;
  }
}
