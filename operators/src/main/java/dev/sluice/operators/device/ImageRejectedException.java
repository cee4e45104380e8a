package dev.sluice.operators.device;

import dev.sluice.serde.Rejection;
import org.jspecify.annotations.Nullable;

/** One picture cannot be processed; the others can. The message never holds the payload. */
public class ImageRejectedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Rejection.@Nullable Stage stage;
  private final Rejection.Category category;

  /** At whichever step asked for the work. */
  public ImageRejectedException(Rejection.Category category, String message) {
    super(message);
    this.stage = null;
    this.category = category;
  }

  /** At a step of its own, whoever asked. */
  protected ImageRejectedException(
      Rejection.Stage stage, Rejection.Category category, String message) {
    super(message);
    this.stage = stage;
    this.category = category;
  }

  /**
   * The same rejection for another event of the same picture, at the step where it happened.
   *
   * @param asking the step that asked for the work
   */
  public ImageRejectedException at(Rejection.Stage asking) {
    return new ImageRejectedException(stageOr(asking), category, String.valueOf(getMessage()));
  }

  public Rejection.Category category() {
    return category;
  }

  /**
   * @param asking the step that asked for the work
   */
  public Rejection.Stage stageOr(Rejection.Stage asking) {
    return stage == null ? asking : stage;
  }
}
