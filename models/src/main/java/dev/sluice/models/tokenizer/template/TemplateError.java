package dev.sluice.models.tokenizer.template;

import dev.sluice.models.tokenizer.TokenizerException;

/** What is wrong in a template, before it is known on which line. */
final class TemplateError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TemplateError(String message) {
    super(message, null, false, false);
  }

  TokenizerException at(int line) {
    return new TokenizerException("chat template, line %d: %s".formatted(line, getMessage()), this);
  }
}
