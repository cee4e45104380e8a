package dev.sluice.models.families;

import dev.sluice.models.families.LlavaUhdConfig.Conversation;
import dev.sluice.models.families.parts.SplicedText;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TracedPrompts;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.TracePrompt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * LLaVA-UHD's prompts: the template, and the picture's tokens with ',' and newline between slices.
 * Owned by the device thread.
 *
 * <p>{@code llava/conversation.py}, {@code llava/mm_utils.py} and {@code llava/model/llava_arch.py}
 * of thunlp/LLaVA-UHD at dd7f6cc. The pieces before and after the picture are tokenised apart, as
 * the reference does.
 */
final class LlavaUhdPrompts implements TracedPrompts {
  private static final String IMAGE = "<image>";
  private static final String VICUNA_SYSTEM =
      "A chat between a curious user and an artificial intelligence assistant. The assistant gives"
          + " helpful, detailed, and polite answers to the user's questions. USER: ";

  private final LlavaUhdConfig config;
  private final TextCodec codec;
  private final SplicedText spliced;

  LlavaUhdPrompts(LlavaUhdConfig config, TextCodec codec) {
    this.config = config;
    this.codec = codec;
    this.spliced = new SplicedText(codec, config.tokens().begin());
  }

  @Override
  public PromptLayout layout(SlicePlan plan, Prompt prompt) {
    return layout(plan, ids(prompt));
  }

  /** The prompt's ids with {@link TracePrompt#IMAGE_ID} where the picture goes. */
  @Override
  public List<Integer> ids(TracePrompt prompt) {
    if (prompt instanceof TracePrompt.Templated templated) {
      return ids(templated.prompt());
    }
    if (prompt instanceof TracePrompt.Ids given) {
      return given.ids();
    }
    return spliced.ids(((TracePrompt.Raw) prompt).text().split(IMAGE, -1));
  }

  private List<Integer> ids(Prompt prompt) {
    return config.conversation() == Conversation.PLAIN
        ? spliced.ids("", prompt.text())
        : spliced.ids(VICUNA_SYSTEM, "\n" + prompt.text() + " ASSISTANT:");
  }

  /**
   * Puts the picture's tokens in place of its id, and keeps the positions that the reference keeps.
   *
   * @throws IllegalArgumentException unless there is exactly one picture
   */
  @Override
  public PromptLayout layout(SlicePlan plan, List<Integer> ids) {
    return spliced.layout(ids, picture(plan)).truncated(config.maxPromptPositions());
  }

  private List<Integer> picture(SlicePlan plan) {
    List<Integer> tile = Collections.nCopies(config.resampler().queries(), PromptLayout.VISUAL);
    List<Integer> picture = new ArrayList<>();
    for (int slice = 0; slice < plan.sliceCount(); slice++) {
      picture.addAll(tile);
      boolean endsRow = (slice + 1) % plan.columns() == 0;
      picture.add(endsRow ? config.tokens().newline() : config.tokens().comma());
    }
    picture.addAll(tile);
    return picture;
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
