package dev.sluice.operators.describe;

import dev.sluice.serde.Description.ScoredCaption;
import java.io.Serializable;

/**
 * Decides which captions the merged text may use. Immutable.
 *
 * @param threshold score from which a caption is kept
 */
record CaptionFilter(double threshold) implements Serializable {

  ScoredCaption scored(String text, double score) {
    return new ScoredCaption(text, score, score >= threshold);
  }

  /** Where nobody scores, all are kept. */
  ScoredCaption unscored(String text) {
    return new ScoredCaption(text, null, true);
  }
}
