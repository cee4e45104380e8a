package dev.sluice.models.weights;

/**
 * A model folder that cannot be used: which file, which tensor or key, what was expected, what was
 * found, and the remedy where there is one.
 */
public final class WeightsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WeightsException(String message) {
    super(message);
  }

  public WeightsException(String message, Throwable cause) {
    super(message, cause);
  }
}
