package dev.sluice.operators.sql;

import dev.sluice.operators.stage.ImageWork;
import dev.sluice.operators.stage.Stage;
import dev.sluice.serde.Caption;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Verdict;
import java.io.Serializable;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.table.data.StringData;

/**
 * The whole way of a picture through the three steps, and what SQL is given of the result.
 * Immutable.
 *
 * @param <T> what the last step makes
 */
record Predictor<T>(Stage<EncodedImage, T> stage, Values<T> values) implements Serializable {

  /** For words, which go to one column. */
  static Predictor<Caption> ofText(Stage<EncodedImage, Caption> stage, String column) {
    return new Predictor<>(stage, caption -> Map.of(column, StringData.fromString(caption.text())));
  }

  static Predictor<Verdict> ofVerdict(Stage<EncodedImage, Verdict> stage) {
    return new Predictor<>(stage, Predictor::verdict);
  }

  /** Output values by column; fails as the stages do. */
  CompletableFuture<Map<String, Object>> predict(ImageEvent event, ImageWork work) {
    return CompletableFuture.completedFuture(event)
        .thenCompose(any -> stage.recover(any, work))
        .thenCompose(encoded -> stage.process(encoded, work))
        .thenApply(values::of);
  }

  private static Map<String, Object> verdict(Verdict verdict) {
    Optional<Verdict.Label> highest =
        verdict.labels().stream().max(Comparator.comparingDouble(Verdict.Label::score));
    StringData decision = StringData.fromString(verdict.decision().name());
    return highest
        .<Map<String, Object>>map(
            label ->
                Map.of(
                    "label", StringData.fromString(label.code()),
                    "score", label.score(),
                    "decision", decision))
        .orElse(Map.of("decision", decision));
  }

  /** Takes the output values out of a result. */
  interface Values<T> extends Serializable {
    Map<String, Object> of(T result);
  }
}
