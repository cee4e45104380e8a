package dev.sluice.models.tokenizer.template;

import dev.sluice.models.tokenizer.template.Expression.Given;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Jinja's filters, as far as chat templates use them. */
final class Filters {
  private Filters() {}

  static Object apply(String name, Object value, Given given, Budget budget) {
    return switch (name) {
      case "trim" -> Methods.call("strip", Values.text(value), given.positional(), budget);
      case "upper" -> Values.text(value).toUpperCase(Locale.ROOT);
      case "lower" -> Values.text(value).toLowerCase(Locale.ROOT);
      case "capitalize" -> Methods.capitalized(Values.text(value));
      case "replace" -> Methods.call("replace", Values.text(value), given.positional(), budget);
      case "string" -> Values.text(value);
      case "safe" -> value;
      case "length", "count" -> Values.length(value);
      case "list" -> Values.items(value);
      case "items" -> Methods.call("items", value, List.of(), budget);
      case "first" -> first(Values.items(value));
      case "last" -> last(Values.items(value));
      case "join" -> join(Values.items(value), given, budget);
      case "default", "d" -> orDefault(value, given);
      case "tojson" -> json(value, given, budget);
      case "map" -> map(Values.items(value), given, budget);
      case "selectattr" -> select(Values.items(value), given, true, budget);
      case "rejectattr" -> select(Values.items(value), given, false, budget);
      default -> throw new TemplateError("expected a known filter, found '%.40s'".formatted(name));
    };
  }

  private static Object first(List<Object> items) {
    return items.isEmpty() ? Absent.UNDEFINED : items.get(0);
  }

  private static Object last(List<Object> items) {
    return items.isEmpty() ? Absent.UNDEFINED : items.get(items.size() - 1);
  }

  private static String join(List<Object> items, Given given, Budget budget) {
    String separator = given.find(0, "d").map(Values::text).orElse("");
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      String item = Values.text(items.get(i));
      budget.text((long) item.length() + separator.length());
      text.append(i == 0 ? "" : separator).append(item);
    }
    return text.toString();
  }

  private static Object orDefault(Object value, Given given) {
    boolean falseToo = given.find(1, "boolean").map(Values::isTrue).orElse(false);
    boolean absent = falseToo ? !Values.isTrue(value) : value == Absent.UNDEFINED;
    return absent ? given.find(0, "default_value").orElse("") : value;
  }

  private static String json(Object value, Given given, Budget budget) {
    if (given.find(0, "indent").filter(Values::isTrue).isPresent()) {
      throw new TemplateError("expected 'tojson' without indentation");
    }
    return Values.json(value, budget);
  }

  private static List<Object> map(List<Object> items, Given given, Budget budget) {
    List<Object> mapped = new ArrayList<>();
    Object attribute = given.named().get("attribute");
    for (Object item : items) {
      budget.step();
      mapped.add(
          attribute == null
              ? apply(filterName(given), item, new Given(rest(given, 1), Map.of()), budget)
              : attribute(item, Values.string(attribute)));
    }
    return mapped;
  }

  private static String filterName(Given given) {
    return given
        .find(0, "filter")
        .map(Values::string)
        .filter(name -> !name.equals("map"))
        .orElseThrow(() -> new TemplateError("expected 'map' with a filter or an attribute"));
  }

  /** Keeps the items whose attribute passes a test, or is true. */
  private static List<Object> select(
      List<Object> items, Given given, boolean passing, Budget budget) {
    String attribute =
        given
            .find(0, "attribute")
            .map(Values::string)
            .orElseThrow(() -> new TemplateError("expected the name of an attribute to select by"));
    Optional<String> test = given.find(1, "test").map(Values::string);
    List<Object> selected = new ArrayList<>();
    for (Object item : items) {
      budget.step();
      Object value = attribute(item, attribute);
      boolean passes =
          test.map(name -> Tests.apply(name, value, rest(given, 2), budget))
              .orElseGet(() -> Values.isTrue(value));
      if (passes == passing) {
        selected.add(item);
      }
    }
    return selected;
  }

  private static Object attribute(Object item, String name) {
    Object value = item instanceof Map<?, ?> map ? map.get(name) : null;
    return value == null ? Absent.UNDEFINED : value;
  }

  private static List<Object> rest(Given given, int from) {
    List<Object> positional = given.positional();
    return positional.subList(Math.min(from, positional.size()), positional.size());
  }
}
