package dev.sluice.models.tokenizer.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something in a template that has a value. Immutable. */
interface Expression {
  Object evaluate(Scope scope);

  record Constant(Object value) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return value;
    }
  }

  record Name(String name) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      scope.budget().step();
      return scope.get(name);
    }
  }

  record ListOf(List<Expression> items) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return evaluateAll(items, scope);
    }
  }

  record Entry(Expression key, Expression value) {}

  record MapOf(List<Entry> entries) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (Entry entry : entries) {
        map.put(Values.string(entry.key().evaluate(scope)), entry.value().evaluate(scope));
      }
      return map;
    }
  }

  /** {@code target.name} and {@code target['name']} and {@code target[0]}. */
  record Item(Expression target, Expression key) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      scope.budget().step();
      Object from = target.evaluate(scope);
      Object at = key.evaluate(scope);
      if (from == Absent.UNDEFINED) {
        throw new TemplateError(
            "expected a value, found something undefined at %s".formatted(shown(at)));
      }
      if (from instanceof Map<?, ?> map) {
        Object value = map.get(at);
        return value == null ? Absent.UNDEFINED : value;
      }
      if (from instanceof Namespace members) {
        return members.get(at);
      }
      if (at instanceof Long index && (from instanceof List || from instanceof String)) {
        return at(Values.items(from), index);
      }
      return Absent.UNDEFINED;
    }

    private static String shown(Object key) {
      return key instanceof String name ? "'%.40s'".formatted(name) : "an index";
    }

    private static Object at(List<Object> items, long index) {
      long place = index < 0 ? items.size() + index : index;
      return place >= 0 && place < items.size() ? items.get((int) place) : Absent.UNDEFINED;
    }
  }

  /** {@code target[from:to]}. */
  record Slice(Expression target, Optional<Expression> from, Optional<Expression> to)
      implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      scope.budget().step();
      Object value = target.evaluate(scope);
      List<Object> items = Values.items(value);
      int start = bound(from, 0, items.size(), scope);
      int end = Math.max(start, bound(to, items.size(), items.size(), scope));
      List<Object> part = items.subList(start, end);
      if (value instanceof String) {
        StringBuilder text = new StringBuilder();
        part.forEach(text::append);
        return text.toString();
      }
      return new ArrayList<>(part);
    }

    private static int bound(Optional<Expression> bound, int fallback, int size, Scope scope) {
      if (bound.isEmpty()) {
        return fallback;
      }
      long index = Values.number(bound.get().evaluate(scope));
      return (int) Math.max(0, Math.min(size, index < 0 ? size + index : index));
    }
  }

  /** {@code yes if condition else no}; undefined without an else. */
  record Choice(Expression condition, Expression yes, Optional<Expression> no)
      implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      if (Values.isTrue(condition.evaluate(scope))) {
        return yes.evaluate(scope);
      }
      return no.isPresent() ? no.get().evaluate(scope) : Absent.UNDEFINED;
    }
  }

  record Not(Expression operand) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return !Values.isTrue(operand.evaluate(scope));
    }
  }

  record Negative(Expression operand) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      return -Values.number(operand.evaluate(scope));
    }
  }

  /** {@code and} and {@code or}: the operand that decides, as in Python. */
  record Logic(boolean and, Expression left, Expression right) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      Object first = left.evaluate(scope);
      return Values.isTrue(first) == and ? right.evaluate(scope) : first;
    }
  }

  record Binary(Operator operator, Expression left, Expression right) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      scope.budget().step();
      return operator.apply(left.evaluate(scope), right.evaluate(scope), scope.budget());
    }
  }

  /** {@code value | name(arguments)}. */
  record Filtered(String name, Expression value, Arguments arguments) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      scope.budget().step();
      return Filters.apply(name, value.evaluate(scope), arguments.evaluate(scope), scope.budget());
    }
  }

  /** {@code value is name(arguments)}. */
  record Tested(String name, Expression value, Arguments arguments) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      scope.budget().step();
      return Tests.apply(
          name, value.evaluate(scope), arguments.evaluate(scope).positional(), scope.budget());
    }
  }

  /** {@code target.name(arguments)}. */
  record MethodCall(Expression target, String name, Arguments arguments) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      scope.budget().step();
      return Methods.call(
          name, target.evaluate(scope), arguments.evaluate(scope).positional(), scope.budget());
    }
  }

  /** {@code name(arguments)}. */
  record FunctionCall(String name, Arguments arguments) implements Expression {
    @Override
    public Object evaluate(Scope scope) {
      scope.budget().step();
      return Functions.call(name, arguments.evaluate(scope));
    }
  }

  /** What a filter, a test or a call is given. */
  record Arguments(List<Expression> positional, Map<String, Expression> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    Given evaluate(Scope scope) {
      Map<String, Object> values = new LinkedHashMap<>();
      named.forEach((name, value) -> values.put(name, value.evaluate(scope)));
      return new Given(evaluateAll(positional, scope), values);
    }
  }

  /** The values of {@link Arguments}. */
  record Given(List<Object> positional, Map<String, Object> named) {
    /** An argument by its place or its name. */
    Optional<Object> find(int place, String name) {
      return place < positional.size()
          ? Optional.of(positional.get(place))
          : Optional.ofNullable(named.get(name));
    }
  }

  private static List<Object> evaluateAll(List<Expression> expressions, Scope scope) {
    List<Object> values = new ArrayList<>();
    expressions.forEach(expression -> values.add(expression.evaluate(scope)));
    return values;
  }
}
