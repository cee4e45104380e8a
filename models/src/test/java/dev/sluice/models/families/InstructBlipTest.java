package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.GoldenFolders;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One bad request does not spoil the batch in which the instructions are read. */
class InstructBlipTest {
  private static final LoadOptions OPTIONS =
      LoadOptions.DEFAULTS.withDtype(Dtype.FLOAT32).withThreads(1);

  @Test
  void submit_ofWhatCanNeverRun_isRefusedAtOnce() throws Exception {
    MemoryLedger ledger = new MemoryLedger("cpu", 1L << 32);
    try (VisionLanguageModel model =
        Models.load(GoldenFolders.fixture("instructblip").resolve("ckpt"), OPTIONS, ledger)) {
      VisualTokens tokens = model.encoder().encode(List.of(picture(model))).get(0);
      TextGenerator generator = model.generator().orElseThrow();
      List<String> texts = new ArrayList<>();
      generator.submit(request(tokens, "Why?", 2), text -> texts.add(text.text()));

      assertThatThrownBy(() -> generator.submit(request(tokens, "why ".repeat(63), 2), text -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected at most 64 tokens of instruction");
      assertThatThrownBy(() -> generator.submit(request(tokens, "Why?", 300), text -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the model has 256 positions");

      while (generator.hasWork()) {
        generator.step();
      }
      assertThat(texts).hasSize(1);
    }
  }

  private static SlicedPicture picture(VisionLanguageModel model) throws Exception {
    String file = "astronaut_256x256.png";
    return model
        .slicer()
        .slice(Files.readAllBytes(GoldenFolders.fixture("pictures").resolve(file)));
  }

  private static TextGenerator.Request request(VisualTokens tokens, String prompt, int newTokens) {
    return new TextGenerator.Request(
        tokens, Prompt.of(prompt), GenerationOptions.greedy(newTokens));
  }
}
