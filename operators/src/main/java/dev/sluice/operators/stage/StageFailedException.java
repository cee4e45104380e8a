package dev.sluice.operators.stage;

import org.apache.flink.util.FlinkRuntimeException;

/** A step failed for a reason that is not the picture's; the task fails with it. */
public final class StageFailedException extends FlinkRuntimeException {
  private static final long serialVersionUID = 1L;

  StageFailedException(String eventId, String stage, Throwable cause) {
    super("event %s: %s failed: %s".formatted(eventId, stage, cause.getMessage()), cause);
  }
}
