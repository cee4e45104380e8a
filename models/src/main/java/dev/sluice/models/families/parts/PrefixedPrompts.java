package dev.sluice.models.families.parts;

import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.TracePrompt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Prompts that begin with the picture: its tokens, then the text as the tokenizer frames it. Owned
 * by the device thread.
 *
 * <p>transformers {@code Blip2Processor} and {@code InstructBlipProcessor}. Without text the begin
 * token stands alone behind the picture.
 */
public final class PrefixedPrompts implements TracedPrompts {
  private final TextCodec codec;
  private final UnaryOperator<String> template;
  private final Picture picture;
  private final int beginToken;

  /**
   * What stands for the picture.
   *
   * @param tokens its visual tokens
   * @param mark the id that the reference shows for each; empty in folders that are older than it
   */
  public record Picture(int tokens, OptionalInt mark) {
    private boolean isMark(int id) {
      return id == TracePrompt.IMAGE_ID || (mark.isPresent() && id == mark.getAsInt());
    }

    private List<Integer> marks() {
      return mark.isPresent() ? Collections.nCopies(tokens, mark.getAsInt()) : List.of();
    }
  }

  /**
   * @param template from the user's words, which are not blank, to the whole text
   */
  public PrefixedPrompts(
      TextCodec codec, UnaryOperator<String> template, Picture picture, int beginToken) {
    this.codec = codec;
    this.template = template;
    this.picture = picture;
    this.beginToken = beginToken;
  }

  @Override
  public PromptLayout layout(SlicePlan plan, Prompt prompt) {
    return layout(plan, ids(new TracePrompt.Templated(prompt)));
  }

  @Override
  public List<Integer> ids(TracePrompt prompt) {
    if (prompt instanceof TracePrompt.Ids given) {
      return given.ids();
    }
    List<Integer> ids = new ArrayList<>(picture.marks());
    String text = text(prompt);
    ids.addAll(text.isBlank() ? List.of(beginToken) : codec.encodeWithSpecialTokens(text));
    return ids;
  }

  /** The whole text of a prompt, blank where there is none. */
  public String text(TracePrompt prompt) {
    if (prompt instanceof TracePrompt.Templated templated) {
      String words = templated.prompt().text();
      return words.isBlank() ? "" : template.apply(words);
    }
    if (prompt instanceof TracePrompt.Raw raw) {
      return raw.text();
    }
    throw new IllegalArgumentException("prompt: expected words, found token ids");
  }

  @Override
  public PromptLayout layout(SlicePlan plan, List<Integer> ids) {
    int marks = 0;
    while (marks < ids.size() && picture.isMark(ids.get(marks))) {
      marks++;
    }
    if (ids.subList(marks, ids.size()).stream().anyMatch(picture::isMark)) {
      throw new IllegalArgumentException("prompt: expected the picture at its beginning alone");
    }
    return new PromptLayout(
        IntStream.concat(
                IntStream.generate(() -> PromptLayout.VISUAL).limit(picture.tokens()),
                ids.stream().skip(marks).mapToInt(codec::requireKnown))
            .toArray());
  }

  @Override
  public List<Integer> answer(String text) {
    return codec.encodeAnswer(text);
  }

  @Override
  public String text(List<Integer> ids) {
    return codec.decode(ids);
  }
}
