package dev.sluice.operators.fetch;

import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Rejection.Category;

/** A picture cannot be had from where it is said to lie, and trying again would not help. */
final class FetchRejectedException extends ImageRejectedException {
  private static final long serialVersionUID = 1L;

  FetchRejectedException(Category category, String message) {
    super(Rejection.Stage.FETCH, category, message);
  }

  static FetchRejectedException forbidden(String what) {
    return new FetchRejectedException(Category.FORBIDDEN_SOURCE, what);
  }
}
