package dev.sluice.models;

import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.VisualTokens;
import java.util.List;

/**
 * Scores the given answers of a question in one pass, without generating text. Owned by the device
 * thread.
 */
public interface LabelScorer {

  /**
   * Scores many pictures in one device batch.
   *
   * @return one result per request, in order
   * @throws IllegalArgumentException if two options of a question cannot be told apart by the model
   */
  List<LabelScores> score(List<Request> requests);

  /** One picture and one closed question. */
  record Request(VisualTokens tokens, LabelQuestion question) {}
}
