package dev.sluice.models.families;

import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.tensor.TorchRuntime;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.models.vision.ViltModel;
import dev.sluice.models.vision.ViltModel.Pair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Questions about pictures to the logits of ViLT's answers. Owned by the device thread. */
final class ViltAnswers {
  private final ViltModel model;
  private final TextCodec codec;
  private final ViltConfig config;
  private final Device device;

  ViltAnswers(ViltModel model, TextCodec codec, ViltConfig config, Device device) {
    this.model = model;
    this.codec = codec;
    this.config = config;
    this.device = device;
  }

  /** A question in tokens, and its picture. */
  record Question(List<Integer> ids, VisualTokens picture) {
    Question {
      ids = List.copyOf(ids);
    }
  }

  /** The answers, in the order of their logits. */
  List<String> labels() {
    return config.labels();
  }

  /** The ids that a question is read as. */
  List<Integer> ids(String text) {
    return codec.encodeWithSpecialTokens(text, config.maxWords());
  }

  /**
   * Ids that were given, if the model can read them.
   *
   * @throws IllegalArgumentException if there are too many, or one is not known
   */
  List<Integer> checked(List<Integer> ids) {
    if (ids.isEmpty() || ids.size() > config.maxWords()) {
      throw new IllegalArgumentException(
          "prompt: expected 1 to %d token ids, found %d".formatted(config.maxWords(), ids.size()));
    }
    ids.forEach(codec::requireKnown);
    return ids;
  }

  /**
   * Runs questions in one pass.
   *
   * @return one logit for each answer, question by question
   */
  List<float[]> logits(List<Question> questions) {
    if (questions.isEmpty()) {
      return List.of();
    }
    try (TorchRuntime.Inference inference = TorchRuntime.inference();
        TensorScope scope = new TensorScope()) {
      List<Pair> pairs =
          questions.stream()
              .map(question -> new Pair(question.ids(), rows(question.picture())))
              .toList();
      float[] all = Tensors.toFloats(model.logits(pairs));
      int answers = config.labels().size();
      List<float[]> logits = new ArrayList<>();
      for (int i = 0; i < questions.size(); i++) {
        logits.add(Arrays.copyOfRange(all, i * answers, (i + 1) * answers));
      }
      return logits;
    }
  }

  /** [1 + P, E] on the device. */
  private Tensor rows(VisualTokens picture) {
    return Tensors.to(
        Tensors.ofRaw(
            picture.data(), Tensors.scalarType(picture.dtype()), picture.rows(), picture.width()),
        device,
        picture.dtype());
  }
}
