package dev.sluice.models.families.parts;

import dev.sluice.models.Traceable;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.TraceTensor;
import dev.sluice.models.value.VisualTokens;
import java.util.List;
import java.util.Map;

/**
 * Compares one picture with the texts of one question and shows every stage. Owned by the device
 * thread.
 */
public record ContrastiveTrace(TileEncoder encoder, ContrastiveScorer scorer) implements Traceable {

  @Override
  public Map<String, TraceTensor> trace(
      SlicedPicture picture, TracePrompt prompt, int maxNewTokens) {
    if (!(prompt instanceof TracePrompt.Labels labels)) {
      throw new IllegalArgumentException(
          "trace: expected labels to compare the picture with, found a prompt");
    }
    TraceRecorder recorder = new TraceRecorder();
    VisualTokens tokens = encoder.encode(List.of(picture), recorder::tile).get(0);
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      ContrastiveScorer.Comparison comparison =
          scorer.compare(List.of(tokens), OptionTexts.of(labels.question()));
      recorder.tensor("image_embeds", comparison.images());
      recorder.tensor("text_embeds", comparison.texts());
      recorder.tensor("logits_per_image", comparison.logits());
      recorder.tensor("probs", comparison.scores());
    }
    return recorder.tensors();
  }
}
