package dev.sluice.operators.memory;

/**
 * What one picture of a model needs at the most, and what must stay free for others when it is
 * admitted. Immutable.
 *
 * <p>Every step leaves room for one picture in each of the steps after it. Where the steps are
 * apart, the earlier one could otherwise hold all memory and wait for the later one to read, which
 * waits for memory: neither would ever move (docs/decisions/0011-admission-is-handed-over.md).
 *
 * @param workBytes without the encoded file
 * @param encodedBytes the largest encoded file
 * @param laterSteps steps that may follow in another task
 */
public record ImageBytes(long workBytes, long encodedBytes, int laterSteps) {
  public long worstBytes() {
    return workBytes + encodedBytes;
  }

  /**
   * What a picture needs once its size is known. A larger file than allowed is never worked on.
   *
   * @param fileBytes as found or as declared, negative where unknown
   */
  public long bytesOf(long fileBytes) {
    return workBytes + (fileBytes < 0 ? encodedBytes : Math.min(fileBytes, encodedBytes));
  }

  public long keepFreeBytes() {
    return worstBytes() * laterSteps;
  }
}
