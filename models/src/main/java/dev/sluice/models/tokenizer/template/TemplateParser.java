package dev.sluice.models.tokenizer.template;

import dev.sluice.models.tokenizer.TokenizerException;
import dev.sluice.models.tokenizer.template.Statement.Block;
import dev.sluice.models.tokenizer.template.Statement.Branch;
import dev.sluice.models.tokenizer.template.Statement.For;
import dev.sluice.models.tokenizer.template.Statement.Generation;
import dev.sluice.models.tokenizer.template.Statement.If;
import dev.sluice.models.tokenizer.template.Statement.OnLine;
import dev.sluice.models.tokenizer.template.Statement.Print;
import dev.sluice.models.tokenizer.template.Statement.Set;
import dev.sluice.models.tokenizer.template.Statement.SetMember;
import dev.sluice.models.tokenizer.template.Statement.SetText;
import dev.sluice.models.tokenizer.template.Statement.Text;
import dev.sluice.models.tokenizer.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the statements of a template. Used by one thread, once. */
final class TemplateParser {
  private final Tokens tokens;
  private final ExpressionParser expressions;

  private TemplateParser(Tokens tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  /**
   * @throws TokenizerException if it is not of the part of Jinja that is known here
   */
  static Statement parse(String template) {
    TemplateParser parser = new TemplateParser(new Tokens(Lexer.tokens(template)));
    Statement block = parser.block();
    if (parser.tokens.peek().kind() != Kind.END) {
      throw parser.tokens.peekSecond().unexpected("a statement");
    }
    return block;
  }

  /** Statements up to the end, or to a word that ends or divides a block. */
  private Statement block(String... ends) {
    tokens.descend();
    List<OnLine> statements = new ArrayList<>();
    while (tokens.peek().kind() != Kind.END && !isAt(ends)) {
      Token token = tokens.take();
      statements.add(new OnLine(token.line(), statement(token)));
    }
    tokens.ascend();
    return new Block(List.copyOf(statements));
  }

  private boolean isAt(String... ends) {
    return tokens.peek().kind() == Kind.STATEMENT_START
        && List.of(ends).contains(tokens.peekSecond().text());
  }

  private Statement statement(Token token) {
    return switch (token.kind()) {
      case TEXT -> new Text(token.text());
      case PRINT_START -> print();
      case STATEMENT_START -> tag(tokens.take());
      default -> throw token.unexpected("a statement");
    };
  }

  private Statement print() {
    Expression value = expressions.expression();
    tokens.expect(Kind.PRINT_END, "'}}'");
    return new Print(value);
  }

  private Statement tag(Token name) {
    return switch (name.text()) {
      case "if" -> condition();
      case "for" -> loop();
      case "set" -> assignment();
      case "generation" -> generation();
      default -> throw name.unexpected("if, for, set or generation");
    };
  }

  private Statement condition() {
    List<Branch> branches = new ArrayList<>();
    do {
      Expression condition = expressions.expression();
      endTag();
      branches.add(new Branch(condition, block("elif", "else", "endif")));
    } while (takeTag("elif"));
    Optional<Statement> otherwise = otherwise("endif");
    endBlock("endif");
    return new If(List.copyOf(branches), otherwise);
  }

  private Statement loop() {
    List<String> names = new ArrayList<>();
    do {
      names.add(tokens.expect(Kind.NAME, "a name"));
    } while (tokens.takeSymbol(","));
    tokens.expectName("in");
    Expression items = expressions.or();
    Optional<Expression> condition =
        tokens.takeName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    endTag();
    Statement body = block("else", "endfor");
    Optional<Statement> otherwise = otherwise("endfor");
    endBlock("endfor");
    return new For(List.copyOf(names), items, condition, body, otherwise);
  }

  private Optional<Statement> otherwise(String end) {
    if (!takeTag("else")) {
      return Optional.empty();
    }
    endTag();
    return Optional.of(block(end));
  }

  private Statement assignment() {
    String name = tokens.expect(Kind.NAME, "a name");
    if (tokens.takeSymbol(".")) {
      String member = tokens.expect(Kind.NAME, "a name");
      tokens.expectSymbol("=");
      Statement set = new SetMember(name, member, expressions.expression());
      endTag();
      return set;
    }
    if (tokens.takeSymbol("=")) {
      Statement set = new Set(name, expressions.expression());
      endTag();
      return set;
    }
    endTag();
    Statement body = block("endset");
    endBlock("endset");
    return new SetText(name, body);
  }

  private Statement generation() {
    endTag();
    Statement body = block("endgeneration");
    endBlock("endgeneration");
    return new Generation(body);
  }

  private boolean takeTag(String name) {
    if (!isAt(name)) {
      return false;
    }
    tokens.take();
    tokens.take();
    return true;
  }

  private void endBlock(String name) {
    if (!takeTag(name)) {
      throw tokens.peek().unexpected("'" + name + "'");
    }
    endTag();
  }

  private void endTag() {
    tokens.expect(Kind.STATEMENT_END, "'%}'");
  }
}
