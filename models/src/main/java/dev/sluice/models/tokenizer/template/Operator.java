package dev.sluice.models.tokenizer.template;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What stands between two values. */
enum Operator {
  EQUAL("==") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return Values.equal(left, right, budget);
    }
  },
  NOT_EQUAL("!=") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return !Values.equal(left, right, budget);
    }
  },
  LESS("<") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return compare(left, right) < 0;
    }
  },
  LESS_OR_EQUAL("<=") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return compare(left, right) <= 0;
    }
  },
  GREATER(">") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return compare(left, right) > 0;
    }
  },
  GREATER_OR_EQUAL(">=") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return compare(left, right) >= 0;
    }
  },
  IN("in") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return Values.contains(right, left, budget);
    }
  },
  PLUS("+") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      if (left instanceof String text) {
        return concat(text, Values.string(right), budget);
      }
      if (left instanceof List<?> list && right instanceof List<?> other) {
        return joined(list, other, budget);
      }
      return Values.number(left) + Values.number(right);
    }
  },
  MINUS("-") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return Values.number(left) - Values.number(right);
    }
  },
  CONCAT("~") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return concat(Values.text(left), Values.text(right), budget);
    }
  },
  TIMES("*") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return Values.number(left) * Values.number(right);
    }
  },
  DIVIDE("//") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return Math.floorDiv(Values.number(left), divisor(right));
    }
  },
  MODULO("%") {
    @Override
    Object apply(Object left, Object right, Budget budget) {
      return Math.floorMod(Values.number(left), divisor(right));
    }
  };

  private final String symbol;

  Operator(String symbol) {
    this.symbol = symbol;
  }

  abstract Object apply(Object left, Object right, Budget budget);

  /** The operator that a token is, among some. */
  static Optional<Operator> of(Token token, List<Operator> some) {
    return some.stream().filter(operator -> token.isSymbol(operator.symbol)).findFirst();
  }

  /** The ones that compare, {@code in} apart. */
  static List<Operator> comparisons() {
    return Arrays.asList(EQUAL, NOT_EQUAL, LESS_OR_EQUAL, LESS, GREATER_OR_EQUAL, GREATER);
  }

  private static int compare(Object left, Object right) {
    return left instanceof String text
        ? text.compareTo(Values.string(right))
        : Long.compare(Values.number(left), Values.number(right));
  }

  private static String concat(String left, String right, Budget budget) {
    budget.text((long) left.length() + right.length());
    return left + right;
  }

  private static List<Object> joined(List<?> left, List<?> right, Budget budget) {
    budget.text((long) left.size() + right.size());
    List<Object> list = new ArrayList<>(left);
    list.addAll(right);
    return list;
  }

  private static long divisor(Object value) {
    long number = Values.number(value);
    if (number == 0) {
      throw new TemplateError("expected a divisor other than 0");
    }
    return number;
  }
}
