package dev.sluice.models.families;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.GoldenFolders;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.weights.ModelDirectory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Five tiles of 16 queries: a picture takes 80 positions between 260 and 261. */
class QwenVlPromptsTest {
  private static final QwenVlConfig CONFIG =
      QwenVlConfig.of(ModelDirectory.open(GoldenFolders.fixture("monkey")), true, 16);
  private static final SlicePlan PLAN = CONFIG.planner().plan(640, 480);

  private final QwenVlPrompts prompts =
      new QwenVlPrompts(CONFIG, new TextCodec(Optional.empty(), CONFIG.language().vocabulary()));

  @Test
  void pictureWithAName_isItsBytesAndPads() {
    List<Integer> ids = prompts.ids(new TracePrompt.Raw("<img>é.png</img>"));
    assertThat(ids)
        .hasSize(82)
        .startsWith(260, 0xc3, 0xa9, 46, 112, 110, 103, 262)
        .endsWith(262, 261);
  }

  @Test
  void pictureWithoutAName_isPadsAlone() {
    List<Integer> ids = prompts.ids(new TracePrompt.Ids(List.of(7, TracePrompt.IMAGE_ID, 8)));
    List<Integer> expected = new ArrayList<>(List.of(7, 260));
    expected.addAll(Collections.nCopies(80, 262));
    expected.addAll(List.of(261, 8));
    assertThat(ids).isEqualTo(expected);
    assertThat(prompts.ids(new TracePrompt.Raw("<image>"))).isEqualTo(ids.subList(1, 83));
  }

  @Test
  void layout_keepsTheMarks_andGivesThePictureWhatIsBetween() {
    PromptLayout layout =
        prompts.layout(PLAN, prompts.ids(new TracePrompt.Raw("<img>a.png</img>")));
    assertThat(layout.at(0)).isEqualTo(260);
    assertThat(layout.at(81)).isEqualTo(261);
    assertThat(layout.visualCount()).isEqualTo(80);
  }

  @Test
  void layout_withoutExactlyOnePicture_isRefused() {
    List<Integer> one = prompts.ids(new TracePrompt.Raw("<image>"));
    List<Integer> two = new ArrayList<>(one);
    two.addAll(one);
    for (List<Integer> ids : List.of(List.of(1, 2), two, one.subList(1, 82), List.of(260, 261))) {
      assertThatThrownBy(() -> prompts.layout(PLAN, ids))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "prompt: expected one picture, id 260, 80 positions and id 261; found ");
    }
  }

  @Test
  void longName_isRefused() {
    assertThatThrownBy(() -> prompts.ids(new TracePrompt.Raw("<img>" + "a".repeat(81) + "</img>")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prompt: expected a picture's path of at most 80 bytes, found 81");
  }

  @Test
  void longPrompts_shareNoPrefix_becauseTheirKeysTurnByAnotherBase() {
    List<Integer> ids = prompts.ids(new TracePrompt.Ids(List.of(1, 2, 3, TracePrompt.IMAGE_ID)));
    assertThat(prompts.layout(PLAN, ids).textPrefixLength()).isZero();
    assertThat(new PromptLayout(1, 2, 3, PromptLayout.VISUAL).textPrefixLength()).isEqualTo(3);
  }

  @Test
  void templates_areThePublishedOnes() {
    assertThat(QwenVlTemplate.MONKEY.before()).isEmpty();
    assertThat(QwenVlTemplate.MONKEY.behind("What is it?")).isEqualTo(" What is it? Answer: ");
    assertThat(QwenVlTemplate.MONKEY.behind("Generate the detailed caption in English:"))
        .isEqualTo(" Generate the detailed caption in English: ");
    assertThat(QwenVlTemplate.of("raw").before()).isEqualTo("Picture 1: ");
    assertThat(QwenVlTemplate.of("chatml").behind("What?"))
        .isEqualTo("\nWhat?<|im_end|>\n<|im_start|>assistant\n");
    assertThatThrownBy(() -> QwenVlTemplate.of("xml")).hasMessageContaining("found 'xml'");
  }
}
