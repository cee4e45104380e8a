package dev.sluice.models.tokenizer.template;

/** How much one rendering may still do and make. Used by one thread. */
final class Budget {
  /** A published template takes a few hundred. */
  private static final int MAX_STEPS = 1 << 18;

  /** Longer than any prompt that a model takes. */
  static final int MAX_CHARACTERS = 1 << 20;

  private int steps = MAX_STEPS;
  private int characters = 8 * MAX_CHARACTERS;

  void step() {
    if (--steps < 0) {
      throw new TemplateError("expected at most %d steps".formatted(MAX_STEPS));
    }
  }

  /** Takes room for a text that is about to be made. */
  void text(long length) {
    characters = (int) Math.max(-1, characters - length);
    if (length > MAX_CHARACTERS || characters < 0) {
      throw new TemplateError("expected texts of at most %d characters".formatted(MAX_CHARACTERS));
    }
  }
}
