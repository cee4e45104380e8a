package dev.sluice.models.families;

import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TracedPrompts;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.TracePrompt;
import java.util.ArrayList;
import java.util.List;

/**
 * BLIP's prompts: the beginning of the caption, or nothing. Owned by the device thread.
 *
 * <p>transformers {@code BlipForConditionalGeneration.generate}: the text as the tokenizer frames
 * it, its begin token replaced by the decoder's and its end token dropped. The picture stands
 * beside.
 */
final class BlipPrompts implements TracedPrompts {
  private final TextCodec codec;
  private final int beginToken;

  /**
   * @param beginToken the decoder's, which the tokenizer does not know
   */
  BlipPrompts(TextCodec codec, int beginToken) {
    this.codec = codec;
    this.beginToken = beginToken;
  }

  @Override
  public PromptLayout layout(SlicePlan plan, Prompt prompt) {
    return layout(plan, begun(prompt.text()));
  }

  @Override
  public List<Integer> ids(TracePrompt prompt) {
    if (prompt instanceof TracePrompt.Ids given) {
      return given.ids();
    }
    return begun(
        prompt instanceof TracePrompt.Templated templated
            ? templated.prompt().text()
            : ((TracePrompt.Raw) prompt).text());
  }

  private List<Integer> begun(String text) {
    List<Integer> ids = new ArrayList<>(List.of(beginToken));
    if (!text.isBlank()) {
      List<Integer> framed = codec.encodeWithSpecialTokens(text);
      ids.addAll(framed.subList(1, framed.size() - 1));
    }
    return ids;
  }

  @Override
  public PromptLayout layout(SlicePlan plan, List<Integer> ids) {
    return PromptLayout.beside(ids.stream().mapToInt(codec::requireKnown).toArray());
  }

  @Override
  public List<Integer> answer(String text) {
    return codec.encode(text);
  }

  @Override
  public String text(List<Integer> ids) {
    return codec.decode(ids);
  }

  /** The whole caption: its given beginning and what was written. */
  @Override
  public String text(PromptLayout prompt, List<Integer> ids) {
    List<Integer> all = new ArrayList<>();
    for (int id : prompt.toArray()) {
      if (id != beginToken) {
        all.add(id);
      }
    }
    all.addAll(ids);
    return codec.decode(all);
  }
}
