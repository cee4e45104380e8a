package dev.sluice.models.memory;

/**
 * A short lease that somebody wants. Immutable.
 *
 * @param bytes to be leased
 * @param keepFreeBytes what must stay free for others besides
 */
public record LeaseRequest(String label, long bytes, long keepFreeBytes, Precedence precedence) {
  public LeaseRequest {
    if (bytes < 0 || keepFreeBytes < 0) {
      throw new IllegalArgumentException(
          "lease '%s': expected 0 bytes or more, found %d and %d to keep free"
              .formatted(label, bytes, keepFreeBytes));
    }
  }

  /** What has to be free for it. */
  long neededBytes() {
    return bytes + keepFreeBytes;
  }

  /** Who goes first when memory comes back. */
  public enum Precedence {
    /**
     * Work on a picture that is in the process already: it passes all others, since only by being
     * done does it give its memory back.
     */
    UNDER_WAY,
    /** New work: first come, first served, and only when nothing under way waits. */
    NEW
  }
}
