package dev.sluice.models.tokenizer.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What Python does with values. They are {@code String}, {@code Long}, {@code Boolean}, {@code
 * List}, {@code Map} with names, {@link Namespace} and {@link Absent}; nothing else is reachable.
 */
final class Values {
  /** Deeper lists and maps are neither compared nor written. */
  private static final int MAX_DEPTH = 32;

  private static final Map<Class<?>, String> NAMES =
      Map.of(
          String.class, "a text",
          Long.class, "a number",
          Boolean.class, "a truth value",
          List.class, "a list",
          Map.class, "a mapping",
          Namespace.class, "a namespace");

  private Values() {}

  static boolean isTrue(Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }
    if (value instanceof Long number) {
      return number != 0;
    }
    return !(value instanceof Absent) && !isEmpty(value);
  }

  private static boolean isEmpty(Object value) {
    return (value instanceof String text && text.isEmpty())
        || (value instanceof List<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  /** A value as a template prints it. */
  static String text(Object value) {
    if (value instanceof Boolean truth) {
      return truth ? "True" : "False";
    }
    if (value instanceof String || value instanceof Long) {
      return value.toString();
    }
    if (value instanceof Absent absent) {
      return absent == Absent.NONE ? "None" : "";
    }
    throw new TemplateError("expected a text to print, found " + nameOf(value));
  }

  /** What a value is, for messages. */
  static String nameOf(Object value) {
    if (value instanceof Absent absent) {
      return absent == Absent.NONE ? "none" : "something undefined";
    }
    return NAMES.entrySet().stream()
        .filter(entry -> entry.getKey().isInstance(value))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("a value");
  }

  static String string(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw new TemplateError("expected a text, found " + nameOf(value));
  }

  static long number(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw new TemplateError("expected a number, found " + nameOf(value));
  }

  /** What a loop goes over: a list's items, a mapping's keys, a text's characters. */
  static List<Object> items(Object value) {
    if (value instanceof List<?> list) {
      return new ArrayList<>(list);
    }
    if (value instanceof Map<?, ?> map) {
      return new ArrayList<>(map.keySet());
    }
    if (value instanceof String text) {
      return new ArrayList<>(text.codePoints().mapToObj(Character::toString).toList());
    }
    if (value == Absent.UNDEFINED) {
      return List.of();
    }
    throw new TemplateError("expected a list, found " + nameOf(value));
  }

  static long length(Object value) {
    if (value instanceof String text) {
      return text.codePointCount(0, text.length());
    }
    return items(value).size();
  }

  static boolean equal(Object left, Object right, Budget budget) {
    return equal(left, right, budget, MAX_DEPTH);
  }

  private static boolean equal(Object left, Object right, Budget budget, int depth) {
    budget.step();
    if (left == right) {
      return true;
    }
    if (left instanceof List<?> some && right instanceof List<?> others) {
      boolean same = some.size() == others.size();
      for (int i = 0; same && i < some.size(); i++) {
        same = equal(some.get(i), others.get(i), budget, deeper(depth));
      }
      return same;
    }
    if (left instanceof Map<?, ?> some && right instanceof Map<?, ?> others) {
      boolean same = some.keySet().equals(others.keySet());
      for (Map.Entry<?, ?> entry : some.entrySet()) {
        Object other = others.get(entry.getKey());
        same = same && other != null && equal(entry.getValue(), other, budget, deeper(depth));
      }
      return same;
    }
    return left.equals(right);
  }

  private static int deeper(int depth) {
    if (depth == 0) {
      throw new TemplateError("expected at most %d levels in a value".formatted(MAX_DEPTH));
    }
    return depth - 1;
  }

  /** Python's {@code in}. */
  static boolean contains(Object container, Object item, Budget budget) {
    if (container instanceof String text) {
      return text.contains(string(item));
    }
    for (Object other : items(container)) {
      if (equal(other, item, budget)) {
        return true;
      }
    }
    return false;
  }

  /** A value as Python's {@code json.dumps} writes it, beyond ASCII as it is. */
  static String json(Object value, Budget budget) {
    StringBuilder text = new StringBuilder();
    writeJson(value, text, budget, MAX_DEPTH);
    return text.toString();
  }

  private static void writeJson(Object value, StringBuilder out, Budget budget, int depth) {
    budget.step();
    if (value instanceof List<?> list) {
      String separator = "[";
      for (Object item : list) {
        out.append(separator);
        writeJson(item, out, budget, deeper(depth));
        separator = ", ";
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof Map<?, ?> map) {
      String separator = "{";
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.append(separator);
        writeJson(entry.getKey(), out, budget, depth);
        out.append(": ");
        writeJson(entry.getValue(), out, budget, deeper(depth));
        separator = ", ";
      }
      out.append(map.isEmpty() ? "{}" : "}");
    } else {
      String scalar = scalarJson(value);
      budget.text(scalar.length());
      out.append(scalar);
    }
  }

  private static String scalarJson(Object value) {
    if (value instanceof String text) {
      return quoted(text);
    }
    if (value == Absent.UNDEFINED) {
      throw new TemplateError("expected a value to write as JSON, found something undefined");
    }
    if (value instanceof Namespace) {
      throw new TemplateError("expected a value to write as JSON, found a namespace");
    }
    return value == Absent.NONE ? "null" : value.toString();
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      switch (letter) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> out.append(letter < ' ' ? "\\u%04x".formatted((int) letter) : letter);
      }
    }
    return out.append('"').toString();
  }
}
