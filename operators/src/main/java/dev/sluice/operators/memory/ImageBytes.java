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
  /**
   * The same at its corrected cost, as far as there is ever room for one picture in every step.
   *
   * @param factor 1 or more
   * @param roomBytes what the pictures of all steps may take together
   */
  public ImageBytes corrected(double factor, long roomBytes) {
    long most = roomBytes / (1 + laterSteps) - encodedBytes;
    long corrected = Math.min((long) (workBytes * factor), most);
    return new ImageBytes(Math.max(workBytes, corrected), encodedBytes, laterSteps);
  }

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
