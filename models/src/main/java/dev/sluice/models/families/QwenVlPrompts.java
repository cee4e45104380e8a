package dev.sluice.models.families;

import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TracedPrompts;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.TracePrompt;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  private static final Pattern PICTURE = Pattern.compile("<image>|<img>(.*?)</img>");
  private static final int BYTE = 0xff;

  private final QwenVlConfig config;
  private final TextCodec codec;

  QwenVlPrompts(QwenVlConfig config, TextCodec codec) {
    this.config = config;
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
      given.ids().forEach(id -> ids.addAll(id == TracePrompt.IMAGE_ID ? place("") : List.of(id)));
    } else if (prompt instanceof TracePrompt.Raw raw) {
      addText(ids, raw.text());
    } else {
      String words = ((TracePrompt.Templated) prompt).prompt().text();
      ids.addAll(codec.encode(config.template().before()));
      ids.addAll(place(""));
      ids.addAll(codec.encode(config.template().behind(words)));
    }
    return ids;
  }

  /** A text with {@code <image>} or {@code <img>name</img>} where the picture goes. */
  private void addText(List<Integer> ids, String text) {
    Matcher picture = PICTURE.matcher(text);
    int done = 0;
    while (picture.find()) {
      ids.addAll(codec.encode(text.substring(done, picture.start())));
      ids.addAll(place(picture.group(1) == null ? "" : picture.group(1)));
      done = picture.end();
    }
    ids.addAll(codec.encode(text.substring(done)));
  }

  /** A picture's tokens: start, name, pads, end. */
  private List<Integer> place(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    int pads = config.visualTokens() - bytes.length;
    if (pads < 0) {
      throw new IllegalArgumentException(
          "prompt: expected a picture's name of at most %d bytes, found %d"
              .formatted(config.visualTokens(), bytes.length));
    }
    List<Integer> ids = new ArrayList<>();
    ids.add(config.imageStart());
    for (byte value : bytes) {
      ids.add(value & BYTE);
    }
    ids.addAll(Collections.nCopies(pads, config.imagePad()));
    ids.add(config.imageEnd());
    return ids;
  }

  @Override
  public PromptLayout layout(SlicePlan plan, List<Integer> ids) {
    int start = ids.indexOf(config.imageStart());
    int end = ids.indexOf(config.imageEnd());
    boolean once =
        start == ids.lastIndexOf(config.imageStart()) && end == ids.lastIndexOf(config.imageEnd());
    if (start < 0 || !once || end - start - 1 != config.visualTokens()) {
      throw new IllegalArgumentException(
          "prompt: expected one picture, id %d, %d positions and id %d; found %s"
              .formatted(
                  config.imageStart(), config.visualTokens(), config.imageEnd(), found(ids)));
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
    long starts = ids.stream().filter(id -> id == config.imageStart()).count();
    long ends = ids.stream().filter(id -> id == config.imageEnd()).count();
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
