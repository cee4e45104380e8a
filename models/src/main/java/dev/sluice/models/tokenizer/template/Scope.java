package dev.sluice.models.tokenizer.template;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that a place in a template sees, and what it writes to. Used by one thread. */
final class Scope {
  private final @Nullable Scope outer;
  private final Map<String, Object> names = new HashMap<>();
  private final StringBuilder output;
  private final Budget budget;

  private Scope(@Nullable Scope outer, StringBuilder output, Budget budget) {
    this.outer = outer;
    this.output = output;
    this.budget = budget;
  }

  static Scope of(Map<String, Object> names) {
    Scope scope = new Scope(null, new StringBuilder(), new Budget());
    scope.names.putAll(names);
    return scope;
  }

  /** A scope whose names end with it, such as a loop's round. */
  Scope inner() {
    return new Scope(this, output, budget);
  }

  /** A scope that writes into a text of its own. */
  Scope capturing() {
    return new Scope(this, new StringBuilder(), budget);
  }

  Object get(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Object value = scope.names.get(name);
      if (value != null) {
        return value;
      }
    }
    return Absent.UNDEFINED;
  }

  void set(String name, Object value) {
    names.put(name, value);
  }

  void write(String text) {
    budget.text(text.length());
    if (output.length() + text.length() > Budget.MAX_CHARACTERS) {
      throw new TemplateError(
          "expected a prompt of at most %d characters".formatted(Budget.MAX_CHARACTERS));
    }
    output.append(text);
  }

  String written() {
    return output.toString();
  }

  Budget budget() {
    return budget;
  }
}
