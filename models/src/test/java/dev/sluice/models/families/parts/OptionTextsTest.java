package dev.sluice.models.families.parts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.Prompt;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptionTextsTest {
  @Test
  void texts_template_takesEachOption() {
    assertThat(texts("This is a photo of {}.", "a cat", "a dog"))
        .containsExactly("This is a photo of a cat.", "This is a photo of a dog.");
  }

  @Test
  void texts_question_leavesTheOptionsAlone() {
    assertThat(texts("What is it?", "a cat", "a dog")).containsExactly("a cat", "a dog");
  }

  @Test
  void texts_sameOptionTwice_isRefused() {
    assertThatThrownBy(() -> texts("What is it?", "a cat", "a cat"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("question 'inline': expected options that differ, found one twice");
  }

  private static List<String> texts(String prompt, String... options) {
    return OptionTexts.of(new LabelQuestion(Prompt.of(prompt), List.of(options)));
  }
}
