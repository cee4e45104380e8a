package dev.sluice.jobs.scenes;

import dev.sluice.serde.Verdict;
import java.util.List;
import java.util.Map;

/** A model, as the evaluation sees it: picture files in, captions and label scores out. */
@FunctionalInterface
public interface SceneReader {
  /** Reads pictures, one answer for each, in their order. */
  List<Reading> read(List<byte[]> pictures);

  /**
   * What a model made of a picture.
   *
   * @param caption its text
   * @param labels the scores of the policy's options ({@code none}, {@code knife}, ...)
   * @param decision what the policy makes of the scores
   */
  record Reading(String caption, Map<String, Double> labels, Verdict.Decision decision) {
    public Reading {
      labels = Map.copyOf(labels);
    }
  }
}
