package dev.sluice.models.families.parts;

import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import java.util.List;
import java.util.Set;

/** Which tokens end a text. Stateless. */
public final class EndTokens {
  private EndTokens() {}

  /**
   * {@code eos_token_id} of {@code generation_config.json}, else of the language model's
   * configuration, else the default of its class.
   */
  public static Set<Integer> of(ModelDirectory directory, ModelConfig language, int classDefault) {
    List<Integer> end = directory.generationConfig().ints("eos_token_id");
    if (end.isEmpty()) {
      end = language.ints("eos_token_id");
    }
    return end.isEmpty() ? Set.of(classDefault) : Set.copyOf(end);
  }
}
