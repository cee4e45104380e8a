package dev.sluice.models.tokenizer.template;

import dev.sluice.models.tokenizer.template.Token.Kind;
import java.util.List;

/** The tokens still to be read, and how deep the reading is. Used by one thread, once. */
final class Tokens {
  private static final int MAX_DEPTH = 64;

  private final List<Token> tokens;
  private int next;
  private int depth;

  /**
   * @param tokens end with {@link Kind#END}
   */
  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(next);
  }

  /** The token behind the next one. */
  Token peekSecond() {
    return tokens.get(Math.min(next + 1, tokens.size() - 1));
  }

  Token take() {
    Token token = peek();
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }

  /** Takes the next token if it is this symbol. */
  boolean takeSymbol(String symbol) {
    return takeIf(peek().isSymbol(symbol));
  }

  /** Takes the next token if it is this word. */
  boolean takeName(String name) {
    return takeIf(peek().isName(name));
  }

  private boolean takeIf(boolean expected) {
    if (expected) {
      take();
    }
    return expected;
  }

  void expectSymbol(String symbol) {
    if (!takeSymbol(symbol)) {
      throw peek().unexpected("'" + symbol + "'");
    }
  }

  void expectName(String name) {
    if (!takeName(name)) {
      throw peek().unexpected("'" + name + "'");
    }
  }

  String expect(Kind kind, String expected) {
    if (peek().kind() != kind) {
      throw peek().unexpected(expected);
    }
    return take().text();
  }

  void descend() {
    if (++depth > MAX_DEPTH) {
      throw new TemplateError("expected at most %d levels of nesting".formatted(MAX_DEPTH))
          .at(peek().line());
    }
  }

  void ascend() {
    depth--;
  }
}
