package dev.sluice.jobs.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be measured. */
public enum Scenario {
  /** The machine alone: its products in each type, and its memory. */
  GEMM,
  /** Tiles to visual tokens. */
  ENCODE,
  /** The steps of texts whose prompts are done. */
  DECODE,
  /** Tiles to texts: encode, prompt, and all steps. */
  CAPTION,
  /** Files to tiles, by one thread. */
  SLICE,
  /** Files to texts through the operators, beside the same without Flink. */
  STREAM;

  /**
   * @throws IllegalArgumentException for any other than these, in lower case
   */
  public static Scenario of(String label) {
    return Arrays.stream(values())
        .filter(scenario -> scenario.label().equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "scenario '%s': expected one of %s"
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(Scenario::label)
                                .collect(Collectors.joining(", ")))));
  }

  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether only a model that writes text can be measured so. */
  boolean writesText() {
    return this == DECODE || this == CAPTION || this == STREAM;
  }
}
