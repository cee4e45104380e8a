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
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Shows every stage of one picture's match with the texts of a question. Owned by the device
 * thread.
 */
public record MatchTrace(TileEncoder encoder, MatchScorer scorer) implements Traceable {

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
      Tensor logits = scorer.logits(tokens, OptionTexts.of(labels.question()));
      recorder.tensor("itm_score", logits);
      recorder.tensor("itm_probs", torch.softmax(logits, 1));
      recorder.tensor("probs", MatchScorer.matches(logits));
    }
    return recorder.tensors();
  }
}
