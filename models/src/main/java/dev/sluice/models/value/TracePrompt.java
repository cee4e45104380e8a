package dev.sluice.models.value;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** What a traced run is asked, with or without the family's template. Immutable. */
public sealed interface TracePrompt {
  /** Stands for the picture among token ids, as in LLaVA's code. */
  int IMAGE_ID = -200;

  /** Words for the family's template. */
  record Templated(Prompt prompt) implements TracePrompt {}

  /** The whole prompt, template included, with {@code <image>} where the picture goes. */
  record Raw(String text) implements TracePrompt {}

  /** The whole prompt as token ids, {@link #IMAGE_ID} where the picture goes. */
  record Ids(List<Integer> ids) implements TracePrompt {
    public Ids {
      ids = List.copyOf(ids);
    }
  }

  /** Answers to score, for a model that compares rather than writes. */
  record Labels(LabelQuestion question) implements TracePrompt {}

  /** Reads a raw prompt: numbers with commas or blanks between them are ids, all else is text. */
  static TracePrompt raw(String text) {
    String trimmed = text.trim();
    if (!Pattern.matches("\\[?\\s*-?\\d+(?:[,\\s]+-?\\d+)*\\s*\\]?", trimmed)) {
      return new Raw(text);
    }
    String numbers = trimmed.replaceAll("[\\[\\]]", "").trim();
    return new Ids(Arrays.stream(numbers.split("[,\\s]+", -1)).map(Integer::valueOf).toList());
  }
}
