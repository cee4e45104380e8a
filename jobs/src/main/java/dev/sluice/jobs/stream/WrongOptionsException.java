package dev.sluice.jobs.stream;

import java.util.List;

/** Options that a job cannot run with, one sentence for each. Immutable. */
public final class WrongOptionsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  /**
   * @param sentences one for each wrong option, at least one
   */
  public WrongOptionsException(List<String> sentences) {
    super(String.join("\n", sentences));
  }
}
