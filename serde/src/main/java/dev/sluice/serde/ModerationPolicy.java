package dev.sluice.serde;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * A question about a picture, its possible answers, and what follows from each. Immutable.
 *
 * @param id names the policy in verdicts
 * @param version changes whenever anything else does
 * @param question what the model is asked; for a model that compares pictures with texts, the text
 *     that each option is put into at {@code {}}
 * @param options all answers that are scored, the neutral one among them
 * @param neutralOption the answer that nothing follows from; null where there is none, as for
 *     scores that are independent of each other
 * @param labels what the other answers mean; answers without a label only take score away
 */
@PublicEvolving
public record ModerationPolicy(
    String id,
    String version,
    String question,
    List<String> options,
    @Nullable String neutralOption,
    List<Label> labels)
    implements Serializable {

  public ModerationPolicy {
    options = List.copyOf(options);
    labels = List.copyOf(labels);
    check(!id.isBlank(), id, "an id", "none");
    check(!version.isBlank(), id, "a version", "none");
    check(!question.isBlank(), id, "a question", "none");
    check(options.size() >= 2, id, "at least 2 options", options);
    check(Set.copyOf(options).size() == options.size(), id, "different options", options);
    check(
        neutralOption == null || options.contains(neutralOption),
        id,
        "the neutral option among " + options,
        neutralOption);
    check(!labels.isEmpty(), id, "at least 1 label", "none");
    Set<String> codes = new HashSet<>();
    for (Label label : labels) {
      check(codes.add(label.code()), id, "different label codes", "twice " + label.code());
      check(options.contains(label.option()), id, "an option of " + options, label.option());
      check(!label.option().equals(neutralOption), id, "a label on another option", neutralOption);
    }
  }

  private static void check(boolean holds, String id, String expected, @Nullable Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          "policy '%s': expected %s, found %s".formatted(id, expected, found));
    }
  }

  /**
   * What an answer means. Immutable.
   *
   * @param code names it in verdicts
   * @param option the answer
   * @param reviewThreshold score from which a person looks at the picture
   * @param blockThreshold score from which the picture is blocked
   */
  public record Label(String code, String option, double reviewThreshold, double blockThreshold)
      implements Serializable {
    public Label {
      if (code.isBlank()
          || !(reviewThreshold >= 0 && reviewThreshold <= blockThreshold && blockThreshold <= 1)) {
        throw new IllegalArgumentException(
            ("label '%s': expected a code and 0 <= review threshold <= block threshold <= 1, found"
                    + " %s and %s")
                .formatted(code, reviewThreshold, blockThreshold));
      }
    }
  }
}
