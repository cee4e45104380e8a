package dev.sluice.jobs.scenes;

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
   * @param labels the scores of the policy's labels ({@code none}, {@code knife}, ...), the highest
   *     is taken
   */
  record Reading(String caption, Map<String, Double> labels) {
    public Reading {
      labels = Map.copyOf(labels);
    }
  }
}
