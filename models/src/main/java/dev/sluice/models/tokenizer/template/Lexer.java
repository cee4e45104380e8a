package dev.sluice.models.tokenizer.template;

import dev.sluice.models.tokenizer.TokenizerException;
import dev.sluice.models.tokenizer.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into tokens, with the white space as transformers sets it: the line break after a
 * statement and the blanks before it on its line are dropped ({@code trim_blocks}, {@code
 * lstrip_blocks}), a minus drops all white space on its side, a plus none. Used by one thread,
 * once.
 */
final class Lexer {
  private static final List<String> SYMBOLS =
      List.of(
          "==", "!=", "<=", ">=", "//", "+", "-", "*", "%", "~", "<", ">", "=", "|", ".", ",", ":",
          "(", ")", "[", "]", "{", "}");

  /** Bounds how deep the tree of an expression can be, and with it the stack. */
  private static final int MAX_TAG_TOKENS = 1024;

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  private Lexer(String source) {
    this.source = source;
  }

  /**
   * @throws TokenizerException if a tag or a string has no end, or a character has no meaning
   */
  static List<Token> tokens(String template) {
    String source = template.replace("\r\n", "\n");
    Lexer lexer = new Lexer(source.endsWith("\n") ? withoutLast(source) : source);
    lexer.run();
    return lexer.tokens;
  }

  private static String withoutLast(String text) {
    return text.substring(0, text.length() - 1);
  }

  private void run() {
    while (at < source.length()) {
      int tag = nextTag();
      text(tag);
      if (tag < source.length()) {
        tag();
      }
    }
    add(Kind.END, "");
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      if (isTag(i)) {
        return i;
      }
    }
    return source.length();
  }

  private boolean isTag(int brace) {
    return brace + 1 < source.length() && "{%#".indexOf(source.charAt(brace + 1)) >= 0;
  }

  /** The text up to a tag, less what the tag takes away before it. */
  private void text(int end) {
    int keep = end;
    if (end + 2 < source.length() && source.charAt(end + 2) == '-') {
      while (keep > at && Character.isWhitespace(source.charAt(keep - 1))) {
        keep--;
      }
    } else if (end < source.length() && !source.startsWith("{{", end) && !isPlus(end + 2)) {
      keep = startOfBlanks(end);
    }
    if (keep > at) {
      add(Kind.TEXT, source.substring(at, keep));
    }
    advance(end);
  }

  private boolean isPlus(int index) {
    return index < source.length() && source.charAt(index) == '+';
  }

  /** Where the blanks before a statement begin, if it is the first on its line. */
  private int startOfBlanks(int end) {
    int start = end;
    while (start > at && " \t".indexOf(source.charAt(start - 1)) >= 0) {
      start--;
    }
    return start == 0 || source.charAt(start - 1) == '\n' ? start : end;
  }

  private void tag() {
    char kind = source.charAt(at + 1);
    if (kind == '#') {
      int end = source.indexOf("#}", at + 2);
      if (end < 0) {
        throw new TemplateError("expected #} after {#, found the end").at(line);
      }
      boolean strips = source.charAt(end - 1) == '-' && end - 1 > at + 1;
      advance(end + 2);
      trim(strips, true);
      return;
    }
    boolean print = kind == '{';
    add(print ? Kind.PRINT_START : Kind.STATEMENT_START, source.substring(at, at + 2));
    advance(at + 2);
    if (at < source.length() && "-+".indexOf(source.charAt(at)) >= 0) {
      advance(at + 1);
    }
    inside(print ? "}}" : "%}", print ? Kind.PRINT_END : Kind.STATEMENT_END);
  }

  /** The tokens of a tag up to its end; braces within are those of dictionaries. */
  private void inside(String end, Kind endKind) {
    int braces = 0;
    int start = tokens.size();
    while (true) {
      skipWhitespace();
      if (tokens.size() - start > MAX_TAG_TOKENS) {
        throw new TemplateError("expected at most %d words in a tag".formatted(MAX_TAG_TOKENS))
            .at(line);
      }
      if (at >= source.length()) {
        throw new TemplateError("expected %s, found the end".formatted(end)).at(line);
      }
      boolean minus = source.startsWith("-" + end, at);
      boolean plus = source.startsWith("+" + end, at);
      if (braces == 0 && (minus || plus || source.startsWith(end, at))) {
        add(endKind, end);
        advance(at + end.length() + (minus || plus ? 1 : 0));
        trim(minus, endKind == Kind.STATEMENT_END && !plus);
        return;
      }
      braces += token();
    }
  }

  /** Drops what a tag takes away after it. */
  private void trim(boolean all, boolean lineBreak) {
    if (all) {
      skipWhitespace();
    } else if (lineBreak && at < source.length() && source.charAt(at) == '\n') {
      advance(at + 1);
    }
  }

  /** One token; answers how many braces it opens. */
  private int token() {
    char first = source.charAt(at);
    if (first == '\'' || first == '"') {
      string(first);
      return 0;
    }
    if (Character.isDigit(first)) {
      word(Kind.NUMBER);
      return 0;
    }
    if (Character.isLetter(first) || first == '_') {
      word(Kind.NAME);
      return 0;
    }
    for (String symbol : SYMBOLS) {
      if (source.startsWith(symbol, at)) {
        add(Kind.SYMBOL, symbol);
        advance(at + symbol.length());
        return symbol.equals("{") ? 1 : symbol.equals("}") ? -1 : 0;
      }
    }
    throw new TemplateError("expected an expression, found '%c'".formatted(first)).at(line);
  }

  private void word(Kind kind) {
    int end = at;
    while (end < source.length()
        && (Character.isLetterOrDigit(source.charAt(end)) || source.charAt(end) == '_')) {
      end++;
    }
    add(kind, source.substring(at, end));
    advance(end);
  }

  private void string(char quote) {
    StringBuilder text = new StringBuilder();
    int start = line;
    int i = at + 1;
    while (i < source.length() && source.charAt(i) != quote) {
      boolean escape = source.charAt(i) == '\\' && i + 1 < source.length();
      text.append(escape ? unescaped(source.charAt(i + 1)) : source.substring(i, i + 1));
      i += escape ? 2 : 1;
    }
    if (i >= source.length()) {
      throw new TemplateError("expected %c at a text's end, found none".formatted(quote)).at(start);
    }
    add(Kind.STRING, text.toString());
    advance(i + 1);
  }

  private static String unescaped(char letter) {
    return switch (letter) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case '\\', '\'', '"' -> String.valueOf(letter);
      default -> "\\" + letter;
    };
  }

  private void skipWhitespace() {
    int end = at;
    while (end < source.length() && Character.isWhitespace(source.charAt(end))) {
      end++;
    }
    advance(end);
  }

  private void advance(int end) {
    for (; at < end; at++) {
      if (source.charAt(at) == '\n') {
        line++;
      }
    }
  }

  private void add(Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }
}
