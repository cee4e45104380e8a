package dev.sluice.models.tokenizer.template;

import dev.sluice.models.tokenizer.TokenizerException;

/**
 * A piece of a template's source. Immutable.
 *
 * @param text the text itself, a string's content, or the symbol
 * @param line from one
 */
record Token(Kind kind, String text, int line) {
  /** What a token is. */
  enum Kind {
    TEXT,
    PRINT_START,
    PRINT_END,
    STATEMENT_START,
    STATEMENT_END,
    NAME,
    STRING,
    NUMBER,
    SYMBOL,
    END
  }

  boolean is(Kind other, String symbol) {
    return kind == other && text.equals(symbol);
  }

  boolean isSymbol(String symbol) {
    return is(Kind.SYMBOL, symbol);
  }

  boolean isName(String name) {
    return is(Kind.NAME, name);
  }

  TokenizerException unexpected(String expected) {
    String found = kind == Kind.END ? "the end" : "'%.30s'".formatted(text);
    return new TemplateError("expected %s, found %s".formatted(expected, found)).at(line);
  }
}
