package dev.sluice.models.tokenizer.template;

import java.util.List;
import java.util.Map;

/** Jinja's tests, as far as chat templates use them. */
final class Tests {
  private Tests() {}

  static boolean apply(String name, Object value, List<Object> arguments, Budget budget) {
    return switch (name) {
      case "defined" -> value != Absent.UNDEFINED;
      case "undefined" -> value == Absent.UNDEFINED;
      case "none" -> value == Absent.NONE;
      case "string" -> value instanceof String;
      case "number" -> value instanceof Long;
      case "boolean" -> value instanceof Boolean;
      case "true" -> value.equals(true);
      case "false" -> value.equals(false);
      case "mapping" -> value instanceof Map;
      case "iterable", "sequence" ->
          value instanceof List || value instanceof Map || value instanceof String;
      case "equalto", "eq", "==" -> Values.equal(value, argument(name, arguments), budget);
      case "ne", "!=" -> !Values.equal(value, argument(name, arguments), budget);
      case "in" -> Values.contains(argument(name, arguments), value, budget);
      default -> throw new TemplateError("expected a known test, found '%.40s'".formatted(name));
    };
  }

  private static Object argument(String name, List<Object> arguments) {
    if (arguments.size() != 1) {
      throw new TemplateError(
          "expected one argument for the test '%s', found %d".formatted(name, arguments.size()));
    }
    return arguments.get(0);
  }
}
