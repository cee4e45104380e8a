package dev.sluice.models.generation;

import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicePlan;
import java.util.List;

/** For engines that get their prompts as ids. */
final class NoWords implements PromptEncoder {
  @Override
  public PromptLayout layout(SlicePlan plan, Prompt prompt) {
    throw new UnsupportedOperationException("prompts come as ids");
  }

  @Override
  public List<Integer> answer(String text) {
    return List.of();
  }

  @Override
  public String text(List<Integer> ids) {
    return "";
  }
}
