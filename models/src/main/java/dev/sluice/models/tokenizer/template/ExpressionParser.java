package dev.sluice.models.tokenizer.template;

import dev.sluice.models.tokenizer.template.Expression.Arguments;
import dev.sluice.models.tokenizer.template.Expression.Binary;
import dev.sluice.models.tokenizer.template.Expression.Choice;
import dev.sluice.models.tokenizer.template.Expression.Constant;
import dev.sluice.models.tokenizer.template.Expression.Entry;
import dev.sluice.models.tokenizer.template.Expression.Filtered;
import dev.sluice.models.tokenizer.template.Expression.FunctionCall;
import dev.sluice.models.tokenizer.template.Expression.Item;
import dev.sluice.models.tokenizer.template.Expression.ListOf;
import dev.sluice.models.tokenizer.template.Expression.Logic;
import dev.sluice.models.tokenizer.template.Expression.MapOf;
import dev.sluice.models.tokenizer.template.Expression.MethodCall;
import dev.sluice.models.tokenizer.template.Expression.Name;
import dev.sluice.models.tokenizer.template.Expression.Negative;
import dev.sluice.models.tokenizer.template.Expression.Not;
import dev.sluice.models.tokenizer.template.Expression.Slice;
import dev.sluice.models.tokenizer.template.Expression.Tested;
import dev.sluice.models.tokenizer.template.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reads expressions, the loosest binding first, as {@code jinja2/parser.py} does. Used by one
 * thread, once.
 */
final class ExpressionParser {
  private static final List<Operator> SUMS = List.of(Operator.PLUS, Operator.MINUS);
  private static final List<Operator> CONCATS = List.of(Operator.CONCAT);
  private static final List<Operator> PRODUCTS =
      List.of(Operator.TIMES, Operator.DIVIDE, Operator.MODULO);

  private final Tokens tokens;

  ExpressionParser(Tokens tokens) {
    this.tokens = tokens;
  }

  /** An expression, with its condition if it has one. */
  Expression expression() {
    tokens.descend();
    Expression value = or();
    while (tokens.takeName("if")) {
      Expression condition = or();
      Optional<Expression> no =
          tokens.takeName("else") ? Optional.of(expression()) : Optional.empty();
      value = new Choice(condition, value, no);
    }
    tokens.ascend();
    return value;
  }

  /** An expression without a condition, which in a loop's head is the loop's. */
  Expression or() {
    Expression left = and();
    while (tokens.takeName("or")) {
      left = new Logic(false, left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    while (tokens.takeName("and")) {
      left = new Logic(true, left, not());
    }
    return left;
  }

  private Expression not() {
    if (!tokens.takeName("not")) {
      return comparison();
    }
    tokens.descend();
    Expression operand = new Not(not());
    tokens.ascend();
    return operand;
  }

  private Expression comparison() {
    Expression left = sum();
    while (true) {
      Optional<Operator> operator = Operator.of(tokens.peek(), Operator.comparisons());
      if (operator.isPresent()) {
        tokens.take();
        left = new Binary(operator.get(), left, sum());
      } else if (tokens.takeName("in")) {
        left = new Binary(Operator.IN, left, sum());
      } else if (tokens.peek().isName("not") && tokens.peekSecond().isName("in")) {
        tokens.take();
        tokens.take();
        left = new Not(new Binary(Operator.IN, left, sum()));
      } else {
        return left;
      }
    }
  }

  private Expression sum() {
    return chain(SUMS, this::concat);
  }

  private Expression concat() {
    return chain(CONCATS, this::product);
  }

  private Expression product() {
    return chain(PRODUCTS, this::unary);
  }

  private Expression chain(List<Operator> operators, Supplier<Expression> operand) {
    Expression left = operand.get();
    Optional<Operator> operator = Operator.of(tokens.peek(), operators);
    while (operator.isPresent()) {
      tokens.take();
      left = new Binary(operator.get(), left, operand.get());
      operator = Operator.of(tokens.peek(), operators);
    }
    return left;
  }

  /** A value with its signs before and its accesses, filters and tests behind. */
  private Expression unary() {
    return filtered(signed());
  }

  private Expression signed() {
    if (!tokens.takeSymbol("-")) {
      return accessed(primary());
    }
    tokens.descend();
    Expression operand = new Negative(signed());
    tokens.ascend();
    return operand;
  }

  private Expression primary() {
    Token token = tokens.take();
    return switch (token.kind()) {
      case NAME -> name(token);
      case STRING -> string(token);
      case NUMBER -> number(token);
      case SYMBOL -> bracketed(token);
      default -> throw token.unexpected("an expression");
    };
  }

  private Expression name(Token token) {
    return switch (token.text()) {
      case "true", "True" -> new Constant(true);
      case "false", "False" -> new Constant(false);
      case "none", "None" -> new Constant(Absent.NONE);
      default ->
          tokens.peek().isSymbol("(")
              ? new FunctionCall(token.text(), arguments())
              : new Name(token.text());
    };
  }

  /** Texts side by side are one. */
  private Expression string(Token token) {
    StringBuilder text = new StringBuilder(token.text());
    while (tokens.peek().kind() == Kind.STRING) {
      text.append(tokens.take().text());
    }
    return new Constant(text.toString());
  }

  private static Expression number(Token token) {
    try {
      return new Constant((long) Integer.parseInt(token.text()));
    } catch (NumberFormatException e) {
      throw token.unexpected("a whole number");
    }
  }

  private Expression bracketed(Token token) {
    return switch (token.text()) {
      case "(" -> parenthesised();
      case "[" -> new ListOf(items("]"));
      case "{" -> map();
      default -> throw token.unexpected("an expression");
    };
  }

  private Expression parenthesised() {
    Expression first = expression();
    if (tokens.takeSymbol(")")) {
      return first;
    }
    tokens.expectSymbol(",");
    List<Expression> tuple = new ArrayList<>(List.of(first));
    tuple.addAll(items(")"));
    return new ListOf(tuple);
  }

  private List<Expression> items(String end) {
    List<Expression> items = new ArrayList<>();
    while (!tokens.takeSymbol(end)) {
      items.add(expression());
      if (!tokens.peek().isSymbol(end)) {
        tokens.expectSymbol(",");
      }
    }
    return items;
  }

  private Expression map() {
    List<Entry> entries = new ArrayList<>();
    while (!tokens.takeSymbol("}")) {
      Expression key = expression();
      tokens.expectSymbol(":");
      entries.add(new Entry(key, expression()));
      if (!tokens.peek().isSymbol("}")) {
        tokens.expectSymbol(",");
      }
    }
    return new MapOf(entries);
  }

  private Expression accessed(Expression value) {
    Expression result = value;
    while (true) {
      if (tokens.takeSymbol(".")) {
        result = member(result);
      } else if (tokens.takeSymbol("[")) {
        result = subscript(result);
      } else {
        return result;
      }
    }
  }

  private Expression member(Expression target) {
    if (tokens.peek().kind() == Kind.NUMBER) {
      return new Item(target, number(tokens.take()));
    }
    String name = tokens.expect(Kind.NAME, "a name");
    return tokens.peek().isSymbol("(")
        ? new MethodCall(target, name, arguments())
        : new Item(target, new Constant(name));
  }

  private Expression subscript(Expression target) {
    Optional<Expression> from =
        tokens.peek().isSymbol(":") ? Optional.empty() : Optional.of(expression());
    if (from.isPresent() && tokens.takeSymbol("]")) {
      return new Item(target, from.get());
    }
    tokens.expectSymbol(":");
    Optional<Expression> to =
        tokens.peek().isSymbol("]") ? Optional.empty() : Optional.of(expression());
    tokens.expectSymbol("]");
    return new Slice(target, from, to);
  }

  private Expression filtered(Expression value) {
    Expression result = value;
    while (true) {
      if (tokens.takeSymbol("|")) {
        String name = tokens.expect(Kind.NAME, "a filter");
        result = accessed(new Filtered(name, result, optionalArguments()));
      } else if (tokens.takeName("is")) {
        result = test(result);
      } else {
        return result;
      }
    }
  }

  private Expression test(Expression value) {
    boolean negated = tokens.takeName("not");
    String name = tokens.expect(Kind.NAME, "a test");
    Expression tested = new Tested(name, value, testArguments(name));
    return negated ? new Not(tested) : tested;
  }

  /** A test's one argument may stand without brackets. */
  private Arguments testArguments(String name) {
    boolean bare =
        List.of("equalto", "eq", "ne", "in").contains(name) && !tokens.peek().isSymbol("(");
    return bare ? new Arguments(List.of(accessed(primary())), Map.of()) : optionalArguments();
  }

  private Arguments optionalArguments() {
    return tokens.peek().isSymbol("(") ? arguments() : Arguments.NONE;
  }

  private Arguments arguments() {
    tokens.expectSymbol("(");
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    while (!tokens.takeSymbol(")")) {
      if (tokens.peek().kind() == Kind.NAME && tokens.peekSecond().isSymbol("=")) {
        String name = tokens.take().text();
        tokens.expectSymbol("=");
        named.put(name, expression());
      } else {
        positional.add(expression());
      }
      if (!tokens.peek().isSymbol(")")) {
        tokens.expectSymbol(",");
      }
    }
    return new Arguments(List.copyOf(positional), named);
  }
}
