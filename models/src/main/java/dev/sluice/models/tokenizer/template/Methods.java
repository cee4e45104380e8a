package dev.sluice.models.tokenizer.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/** The methods of Python's texts and dictionaries, as far as chat templates use them. */
final class Methods {
  private static final IntPredicate BLANK = Character::isWhitespace;

  private Methods() {}

  static Object call(String name, Object target, List<Object> arguments, Budget budget) {
    if (target instanceof String text) {
      return ofText(name, text, arguments, budget);
    }
    if (target instanceof Map<?, ?> map) {
      return ofMap(name, map, arguments);
    }
    throw unknown(name, target);
  }

  private static Object ofText(String name, String text, List<Object> arguments, Budget budget) {
    return switch (name) {
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "capitalize" -> capitalized(text);
      case "strip" -> stripped(text, arguments, true, true);
      case "lstrip" -> stripped(text, arguments, true, false);
      case "rstrip" -> stripped(text, arguments, false, true);
      case "split" -> split(text, arguments);
      case "startswith" -> text.startsWith(text(name, arguments, 0));
      case "endswith" -> text.endsWith(text(name, arguments, 0));
      case "replace" -> replaced(text, text(name, arguments, 0), text(name, arguments, 1), budget);
      default -> throw unknown(name, text);
    };
  }

  private static Object ofMap(String name, Map<?, ?> map, List<Object> arguments) {
    return switch (name) {
      case "items" -> items(map);
      case "keys" -> new ArrayList<Object>(map.keySet());
      case "values" -> new ArrayList<Object>(map.values());
      case "get" -> {
        Object value = map.get(text(name, arguments, 0));
        Object fallback = arguments.size() > 1 ? arguments.get(1) : Absent.NONE;
        yield value == null ? fallback : value;
      }
      default -> throw unknown(name, map);
    };
  }

  private static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(List.of(key, value)));
    return items;
  }

  static String capitalized(String text) {
    int first = text.isEmpty() ? 0 : text.offsetByCodePoints(0, 1);
    return text.substring(0, first).toUpperCase(Locale.ROOT)
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  private static String stripped(String text, List<Object> arguments, boolean left, boolean right) {
    IntPredicate goes = arguments.isEmpty() ? BLANK : oneOf(Values.string(arguments.get(0)));
    int start = 0;
    int end = text.length();
    while (left && start < end && goes.test(text.charAt(start))) {
      start++;
    }
    while (right && end > start && goes.test(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  private static IntPredicate oneOf(String letters) {
    return letter -> letters.indexOf(letter) >= 0;
  }

  private static List<Object> split(String text, List<Object> arguments) {
    List<Object> parts = new ArrayList<>();
    if (arguments.isEmpty()) {
      for (String part : text.strip().split("\\s+", -1)) {
        parts.add(part);
      }
      return text.isBlank() ? List.of() : parts;
    }
    String separator = text("split", arguments, 0);
    if (separator.isEmpty()) {
      throw new TemplateError("expected a separator to split at, found an empty one");
    }
    long most = arguments.size() > 1 ? Values.number(arguments.get(1)) : -1;
    int from = 0;
    for (int at = text.indexOf(separator);
        at >= 0 && parts.size() != most;
        at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  private static String replaced(String text, String old, String replacement, Budget budget) {
    long places = old.isEmpty() ? text.length() + 1L : text.length() / old.length();
    budget.text(text.length() + places * replacement.length());
    return text.replace(old, replacement);
  }

  private static String text(String method, List<Object> arguments, int place) {
    if (place >= arguments.size()) {
      throw new TemplateError(
          "expected %d arguments for '%s', found %d"
              .formatted(place + 1, method, arguments.size()));
    }
    return Values.string(arguments.get(place));
  }

  private static TemplateError unknown(String name, Object target) {
    return new TemplateError(
        "expected a known method of %s, found '%.40s'".formatted(Values.nameOf(target), name));
  }
}
