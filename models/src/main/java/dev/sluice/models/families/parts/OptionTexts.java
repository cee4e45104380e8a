package dev.sluice.models.families.parts;

import dev.sluice.models.value.LabelQuestion;
import java.util.HashSet;
import java.util.List;

/** The texts that a picture is compared with. Stateless. */
public final class OptionTexts {
  private static final String SLOT = "{}";

  private OptionTexts() {}

  /**
   * The options of a question; where its prompt holds {@code {}} it is a template, and each option
   * is put in there.
   *
   * @throws IllegalArgumentException if two are the same
   */
  public static List<String> of(LabelQuestion question) {
    String template = question.prompt().text();
    List<String> texts =
        template.contains(SLOT)
            ? question.options().stream().map(option -> template.replace(SLOT, option)).toList()
            : question.options();
    if (new HashSet<>(texts).size() < texts.size()) {
      throw new IllegalArgumentException(
          "question '%s': expected options that differ, found one twice"
              .formatted(question.prompt().id()));
    }
    return texts;
  }
}
