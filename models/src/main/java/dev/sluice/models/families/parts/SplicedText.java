package dev.sluice.models.families.parts;

import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.value.TracePrompt;
import java.util.ArrayList;
import java.util.List;

/**
 * Prompts whose texts are tokenised one by one, with the picture between two of them, as the
 * original repositories of LLaVA and MiniGPT-4 do. Owned by the device thread.
 *
 * @param beginToken stands before the first text, and before no other
 */
public record SplicedText(TextCodec codec, int beginToken) {

  /** The ids of the texts, {@link TracePrompt#IMAGE_ID} between each two. */
  public List<Integer> ids(String... texts) {
    List<Integer> ids = new ArrayList<>();
    ids.add(beginToken);
    for (int i = 0; i < texts.length; i++) {
      if (i > 0) {
        ids.add(TracePrompt.IMAGE_ID);
      }
      ids.addAll(codec.encode(texts[i]));
    }
    return ids;
  }

  /**
   * Puts the picture in place of its mark.
   *
   * @param picture token ids, {@link PromptLayout#VISUAL} for each visual token
   * @throws IllegalArgumentException unless there is exactly one mark
   */
  public PromptLayout layout(List<Integer> ids, List<Integer> picture) {
    long marks = ids.stream().filter(id -> id == TracePrompt.IMAGE_ID).count();
    if (marks != 1) {
      throw new IllegalArgumentException(
          "prompt: expected one picture (<image>, id %d), found %d"
              .formatted(TracePrompt.IMAGE_ID, marks));
    }
    List<Integer> layout = new ArrayList<>();
    for (int id : ids) {
      if (id == TracePrompt.IMAGE_ID) {
        layout.addAll(picture);
      } else {
        layout.add(codec.requireKnown(id));
      }
    }
    return new PromptLayout(layout.stream().mapToInt(Integer::intValue).toArray());
  }
}
