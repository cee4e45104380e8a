package dev.sluice.models.families;

import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TracedPrompts;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.tokenizer.ImageSpans;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.TracePrompt;
import java.util.ArrayList;
import java.util.List;

/**
 * Prompts of Qwen-VL and Monkey: between a picture's start and end token stands its name, one token
 * a byte, filled up with pads to as many as the picture has visual tokens, which take their place.
 * Owned by the device thread.
 *
 * <p>{@code tokenization_qwen.py} and {@code modeling_qwen.py} of Yuliang-Liu/Monkey at 498e1d9.
 * Pictures come from a stream and have no name, so their place holds pads alone; the model never
 * sees either.
 */
final class QwenVlPrompts implements TracedPrompts {
  /** How the other families mark a picture. */
  private static final String IMAGE = "<image>";

  private static final String UNNAMED = "<img></img>";

  private final QwenVlConfig config;
  private final ImageSpans spans;
  private final TextCodec codec;

  QwenVlPrompts(QwenVlConfig config, TextCodec codec) {
    this.config = config;
    this.spans = config.spans();
    this.codec = codec;
  }

  @Override
  public PromptLayout layout(SlicePlan plan, Prompt prompt) {
    return layout(plan, ids(new TracePrompt.Templated(prompt)));
  }

  @Override
  public List<Integer> ids(TracePrompt prompt) {
    List<Integer> ids = new ArrayList<>();
    if (prompt instanceof TracePrompt.Ids given) {
      given
          .ids()
          .forEach(id -> ids.addAll(id == TracePrompt.IMAGE_ID ? spans.span("") : List.of(id)));
    } else if (prompt instanceof TracePrompt.Raw raw) {
      ids.addAll(spans.encode(raw.text().replace(IMAGE, UNNAMED), codec::encode));
    } else {
      String words = ((TracePrompt.Templated) prompt).prompt().text();
      ids.addAll(codec.encode(config.template().before()));
      ids.addAll(spans.span(""));
      ids.addAll(codec.encode(config.template().behind(words)));
    }
    return ids;
  }

  @Override
  public PromptLayout layout(SlicePlan plan, List<Integer> ids) {
    int start = ids.indexOf(spans.start());
    int end = ids.indexOf(spans.end());
    boolean once = start == ids.lastIndexOf(spans.start()) && end == ids.lastIndexOf(spans.end());
    if (start < 0 || !once || end - start - 1 != config.visualTokens()) {
      throw new IllegalArgumentException(
          "prompt: expected one picture, id %d, %d positions and id %d; found %s"
              .formatted(spans.start(), config.visualTokens(), spans.end(), found(ids)));
    }
    int[] layout = new int[ids.size()];
    for (int i = 0; i < layout.length; i++) {
      layout[i] =
          i > start && i < end ? PromptLayout.VISUAL : codec.requireKnown(ids.get(i).intValue());
    }
    return own(new PromptLayout(layout));
  }

  /** A prompt beyond the trained length turns all its keys by another base than shorter ones. */
  private PromptLayout own(PromptLayout layout) {
    boolean grown =
        config.language().dynamicNtk() && layout.length() > config.language().trainedLength();
    return grown ? layout.withOwnPrefix() : layout;
  }

  private String found(List<Integer> ids) {
    long starts = ids.stream().filter(id -> id == spans.start()).count();
    long ends = ids.stream().filter(id -> id == spans.end()).count();
    return "%d starts and %d ends in %d ids".formatted(starts, ends, ids.size());
  }

  @Override
  public List<Integer> answer(String text) {
    return codec.encode(text);
  }

  @Override
  public String text(List<Integer> ids) {
    return codec.decode(ids).strip();
  }
}
