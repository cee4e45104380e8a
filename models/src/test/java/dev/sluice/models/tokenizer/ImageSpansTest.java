package dev.sluice.models.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is refused, and what tokens inside a path are; the rest is QwenTokenizerGoldenTest's. */
class ImageSpansTest {
  private static final int WORD = 7;

  private final ImageSpans spans = new ImageSpans(1000, 6);

  @Test
  void pathOfTheSpansLength_leavesNoPad_andOneByteMoreIsRefused() {
    assertThat(encode("<img>abcdef</img>"))
        .containsExactly(
            1000, (int) 'a', (int) 'b', (int) 'c', (int) 'd', (int) 'e', (int) 'f', 1001);

    assertThatThrownBy(() -> encode("<img>abcdeé</img>"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prompt: expected a picture's path of at most 6 bytes, found 7");
  }

  @Test
  void pictureThatIsNotClosed_isRefused() {
    for (String text : List.of("<img>", "a<img>b", "<img></img><img>", "<img>a</ img>")) {
      assertThatThrownBy(() -> encode(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("expected </img> behind every <img>");
    }
  }

  @Test
  void tagInsideAPath_isItsBytes() {
    assertThat(encode("<img><img></img>"))
        .containsExactly(1000, (int) '<', (int) 'i', (int) 'm', (int) 'g', (int) '>', 1002, 1001);
  }

  @Test
  void textAround_isTheWords() {
    assertThat(encode("a</img>b<img></img>c"))
        .containsExactly(WORD, 1000, 1002, 1002, 1002, 1002, 1002, 1002, 1001, WORD);
  }

  private List<Integer> encode(String text) {
    return spans.encode(text, words -> words.isEmpty() ? List.of() : List.of(WORD));
  }
}
