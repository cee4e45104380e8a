package dev.sluice.models.tokenizer.template;

import dev.sluice.models.tokenizer.template.Expression.Given;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** The functions that transformers gives to chat templates. */
final class Functions {
  private static final int MAX_RANGE = 1 << 12;

  private Functions() {}

  static Object call(String name, Given given) {
    return switch (name) {
      case "namespace" -> new Namespace(given.named());
      case "dict" -> new LinkedHashMap<>(given.named());
      case "range" -> range(given);
      case "raise_exception" ->
          throw new TemplateError(
              "the template refuses the conversation: %.200s"
                  .formatted(given.find(0, "message").map(Values::text).orElse("")));
      default ->
          throw new TemplateError("expected a known function, found '%.40s'".formatted(name));
    };
  }

  private static List<Object> range(Given given) {
    long[] bounds = given.positional().stream().mapToLong(Values::number).toArray();
    if (bounds.length < 1 || bounds.length > 2) {
      throw new TemplateError("expected range(end) or range(start, end)");
    }
    long start = bounds.length == 1 ? 0 : bounds[0];
    long end = bounds[bounds.length - 1];
    if (Math.abs(start) > MAX_RANGE || Math.abs(end) > MAX_RANGE) {
      throw new TemplateError("expected a range within %d".formatted(MAX_RANGE));
    }
    List<Object> numbers = new ArrayList<>();
    for (long i = start; i < end; i++) {
      numbers.add(i);
    }
    return numbers;
  }
}
