package dev.sluice.models.image;

/**
 * A picture that cannot be used, with the reason as the sender will read it; never the picture's
 * bytes.
 */
public final class PictureRejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  public PictureRejectedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** Why a picture is not used. */
  public enum Reason {
    /** Not a picture, cut off, or corrupt. */
    UNREADABLE_IMAGE,
    /** Beyond the limits of bytes, pixels or shape. */
    TOO_LARGE,
    /** A format or a variant that is not read. */
    UNSUPPORTED
  }
}
