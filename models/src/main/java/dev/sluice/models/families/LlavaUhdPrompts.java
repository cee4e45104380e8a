package dev.sluice.models.families;

import dev.sluice.models.families.LlavaUhdConfig.Conversation;
import dev.sluice.models.generation.PromptEncoder;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.tokenizer.Tokenizer;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.TracePrompt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * LLaVA-UHD's prompts: the template, and the picture's tokens with ',' and newline between slices.
 * Owned by the device thread.
 *
 * <p>{@code llava/conversation.py}, {@code llava/mm_utils.py} and {@code llava/model/llava_arch.py}
 * of thunlp/LLaVA-UHD at dd7f6cc. The pieces before and after the picture are tokenised apart, as
 * the reference does.
 */
final class LlavaUhdPrompts implements PromptEncoder {
  private static final String IMAGE = "<image>";
  private static final String VICUNA_SYSTEM =
      "A chat between a curious user and an artificial intelligence assistant. The assistant gives"
          + " helpful, detailed, and polite answers to the user's questions. USER: ";

  private final LlavaUhdConfig config;
  private final Optional<Tokenizer> tokenizer;

  /**
   * @param tokenizer empty for a folder without one: prompts are then given as ids
   */
  LlavaUhdPrompts(LlavaUhdConfig config, Optional<Tokenizer> tokenizer) {
    this.config = config;
    this.tokenizer = tokenizer;
  }

  @Override
  public PromptLayout layout(SlicePlan plan, Prompt prompt) {
    return layout(plan, ids(prompt));
  }

  /** The prompt's ids with {@link TracePrompt#IMAGE_ID} where the picture goes. */
  List<Integer> ids(TracePrompt prompt) {
    if (prompt instanceof TracePrompt.Templated templated) {
      return ids(templated.prompt());
    }
    if (prompt instanceof TracePrompt.Ids given) {
      return given.ids();
    }
    return joined(((TracePrompt.Raw) prompt).text().split(IMAGE, -1));
  }

  private List<Integer> ids(Prompt prompt) {
    return config.conversation() == Conversation.PLAIN
        ? joined("", prompt.text())
        : joined(VICUNA_SYSTEM, "\n" + prompt.text() + " ASSISTANT:");
  }

  /** Each piece tokenised alone, pictures between them. */
  private List<Integer> joined(String... pieces) {
    List<Integer> ids = new ArrayList<>();
    ids.add(config.tokens().begin());
    for (int i = 0; i < pieces.length; i++) {
      if (i > 0) {
        ids.add(TracePrompt.IMAGE_ID);
      }
      ids.addAll(answer(pieces[i]));
    }
    return ids;
  }

  /**
   * Puts the picture's tokens in place of its id, and keeps the positions that the reference keeps.
   *
   * @throws IllegalArgumentException unless there is exactly one picture
   */
  PromptLayout layout(SlicePlan plan, List<Integer> ids) {
    long pictures = ids.stream().filter(id -> id == TracePrompt.IMAGE_ID).count();
    if (pictures != 1) {
      throw new IllegalArgumentException(
          "prompt: expected one %s (id %d), found %d"
              .formatted(IMAGE, TracePrompt.IMAGE_ID, pictures));
    }
    List<Integer> layout = new ArrayList<>();
    for (int id : ids) {
      if (id == TracePrompt.IMAGE_ID) {
        addPicture(layout, plan);
      } else {
        layout.add(requireKnown(id));
      }
    }
    return new PromptLayout(layout.stream().mapToInt(Integer::intValue).toArray())
        .truncated(config.maxPromptPositions());
  }

  private int requireKnown(int id) {
    if (id < 0 || id >= config.language().vocabulary()) {
      throw new IllegalArgumentException(
          "prompt: expected token ids from 0 to %d, found %d"
              .formatted(config.language().vocabulary() - 1, id));
    }
    return id;
  }

  private void addPicture(List<Integer> layout, SlicePlan plan) {
    for (int slice = 0; slice < plan.sliceCount(); slice++) {
      addTile(layout);
      boolean endsRow = (slice + 1) % plan.columns() == 0;
      layout.add(endsRow ? config.tokens().newline() : config.tokens().comma());
    }
    addTile(layout);
  }

  private void addTile(List<Integer> layout) {
    for (int query = 0; query < config.resampler().queries(); query++) {
      layout.add(PromptLayout.VISUAL);
    }
  }

  @Override
  public List<Integer> answer(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(requireTokenizer().encode(text)).boxed().toList();
  }

  @Override
  public String text(List<Integer> ids) {
    return tokenizer
        .map(known -> known.decode(ids.stream().mapToInt(Integer::intValue).toArray()))
        .orElse("");
  }

  private Tokenizer requireTokenizer() {
    return tokenizer.orElseThrow(
        () ->
            new IllegalArgumentException(
                "prompt: the model folder has no tokenizer.json; give the prompt as token ids, or"
                    + " add the tokenizer to the folder"));
  }
}
