package dev.sluice.models.families.parts;

import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.TracePrompt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Prompts of the Hugging Face kind: the text has a mark for the picture, which becomes as many
 * image tokens as the picture has visual tokens. Owned by the device thread.
 *
 * <p>The whole text is tokenised at once, as transformers' processors do, with what the tokenizer
 * puts around it.
 */
public final class ImageTokenPrompts implements TracedPrompts {
  private final TextCodec codec;
  private final UnaryOperator<String> template;
  private final int imageToken;
  private final int visualTokens;

  /**
   * @param template from the user's words to the whole prompt, the picture's mark in it
   * @param imageToken the id of the mark, and of each visual token
   * @param visualTokens of a picture
   */
  public ImageTokenPrompts(
      TextCodec codec, UnaryOperator<String> template, int imageToken, int visualTokens) {
    this.codec = codec;
    this.template = template;
    this.imageToken = imageToken;
    this.visualTokens = visualTokens;
  }

  @Override
  public PromptLayout layout(SlicePlan plan, Prompt prompt) {
    return layout(plan, ids(new TracePrompt.Templated(prompt)));
  }

  @Override
  public List<Integer> ids(TracePrompt prompt) {
    if (prompt instanceof TracePrompt.Ids given) {
      return expanded(given.ids());
    }
    String text =
        prompt instanceof TracePrompt.Templated templated
            ? template.apply(templated.prompt().text())
            : ((TracePrompt.Raw) prompt).text();
    return expanded(codec.encodeWithSpecialTokens(text));
  }

  /** One mark becomes as many as the picture needs; ids that have them all stay as they are. */
  private List<Integer> expanded(List<Integer> ids) {
    if (ids.stream().filter(this::isMark).count() != 1) {
      return ids;
    }
    List<Integer> expanded = new ArrayList<>();
    for (int id : ids) {
      expanded.addAll(isMark(id) ? Collections.nCopies(visualTokens, imageToken) : List.of(id));
    }
    return expanded;
  }

  private boolean isMark(int id) {
    return id == imageToken || id == TracePrompt.IMAGE_ID;
  }

  @Override
  public PromptLayout layout(SlicePlan plan, List<Integer> ids) {
    long marks = ids.stream().filter(id -> id == imageToken).count();
    if (marks != visualTokens) {
      throw new IllegalArgumentException(
          "prompt: expected one picture of %d visual tokens (id %d), found %d"
              .formatted(visualTokens, imageToken, marks));
    }
    return new PromptLayout(
        ids.stream()
            .mapToInt(id -> id == imageToken ? PromptLayout.VISUAL : codec.requireKnown(id))
            .toArray());
  }

  @Override
  public List<Integer> answer(String text) {
    return codec.encode(text);
  }

  @Override
  public String text(List<Integer> ids) {
    return codec.decode(ids);
  }
}
