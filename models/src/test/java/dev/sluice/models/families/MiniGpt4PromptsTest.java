package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.models.GoldenFolders;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.tokenizer.Tokenizer;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.Size;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.weights.ModelDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MiniGpt4PromptsTest {
  private static final SlicePlan PLAN = SlicePlan.overviewOnly(new Size(120, 80), new Size(56, 56));
  private static final Path LLAMA =
      GoldenFolders.fixture("instructblip").resolve("ckpt").resolve("tokenizer.json");

  @ParameterizedTest
  @ValueSource(strings = {"minigpt4", "minigpt4-llama2"})
  void conversation_equalsTheReference(String folder) throws IOException {
    MiniGpt4Conversation conversation = config(folder).conversation();
    Path expected = GoldenFolders.fixture(folder).resolve("expected.json");
    for (JsonNode image : new ObjectMapper().readTree(expected.toFile()).get("images")) {
      String prompt =
          conversation.before()
              + "<ImageHere>"
              + conversation.behind(image.get("question").asText());
      assertThat(prompt).isEqualTo(image.get("prompt").asText());
    }
  }

  @ParameterizedTest
  @CsvSource({"minigpt4, 1, 8", "minigpt4-llama2, 2, 4"})
  void layout_ofAQuestion_isTheTextsAloneAndThePicture(String folder, int begins, int visual) {
    try (Tokenizer tokenizer = Tokenizer.open(LLAMA)) {
      TextCodec codec = new TextCodec(Optional.of(tokenizer), 1 << 16);
      MiniGpt4Prompts prompts = new MiniGpt4Prompts(config(folder), codec);
      MiniGpt4Conversation conversation = config(folder).conversation();
      List<Integer> expected = new ArrayList<>(List.of(1));
      expected.addAll(codec.encode(conversation.before()));
      expected.add(TracePrompt.IMAGE_ID);
      expected.addAll(codec.encode(conversation.behind("Why?")));

      List<Integer> ids = prompts.ids(new TracePrompt.Templated(Prompt.of("Why?")));
      PromptLayout layout = prompts.layout(PLAN, Prompt.of("Why?"));

      assertThat(ids).isEqualTo(expected);
      assertThat(ids.stream().filter(id -> id == 1)).hasSize(begins);
      assertThat(layout.visualCount()).isEqualTo(visual);
      assertThat(layout.length()).isEqualTo(ids.size() - 1 + visual);
    }
  }

  @Test
  void layout_withoutExactlyOnePicture_isRefused() {
    MiniGpt4Prompts prompts =
        new MiniGpt4Prompts(config("minigpt4"), new TextCodec(Optional.empty(), 264));

    assertThatThrownBy(() -> prompts.layout(PLAN, List.of(1, 5)))
        .hasMessage("prompt: expected one picture (<image>, id -200), found 0");
    assertThatThrownBy(() -> prompts.layout(PLAN, List.of(1, TracePrompt.IMAGE_ID, 264)))
        .hasMessage("prompt: expected token ids from 0 to 263, found 264");
  }

  @ParameterizedTest
  @CsvSource({"A cat ###, true", "A cat.###, true", "A cat ##, false", "### a cat is here, false"})
  void text_isOver_whereItsLastTokensBeginATurn(String generated, boolean over) {
    try (Tokenizer tokenizer = Tokenizer.open(LLAMA)) {
      TextCodec codec = new TextCodec(Optional.of(tokenizer), 1 << 16);
      MiniGpt4Prompts prompts = new MiniGpt4Prompts(config("minigpt4"), codec);

      assertThat(prompts.isOver(codec.encode(generated))).isEqualTo(over);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "A cat.| A cat.",
        "' A cat. ### Human: And?'| A cat.",
        "Assistant: A cat.###| A cat.",
        "'###'| ''",
      })
  void reply_isTheFirstTurn(String generated, String shown) {
    assertThat(MiniGpt4Conversation.reply(generated)).isEqualTo(shown);
  }

  private static MiniGpt4Config config(String folder) {
    return MiniGpt4Config.of(MiniGpt4Folder.of(ModelDirectory.open(GoldenFolders.fixture(folder))));
  }
}
