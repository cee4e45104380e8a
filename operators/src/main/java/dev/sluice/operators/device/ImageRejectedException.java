package dev.sluice.operators.device;

import dev.sluice.serde.Rejection;

/** One picture cannot be processed; the others can. The message never holds the payload. */
public final class ImageRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Rejection.Category category;

  public ImageRejectedException(Rejection.Category category, String message) {
    super(message);
    this.category = category;
  }

  public Rejection.Category category() {
    return category;
  }
}
