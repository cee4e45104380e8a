package dev.sluice.models.tokenizer.template;

import java.util.LinkedHashMap;
import java.util.Map;

/** What {@code namespace()} makes: members that outlive a loop's round. Equal to itself only. */
final class Namespace {
  private final Map<String, Object> members;

  Namespace(Map<String, Object> members) {
    this.members = new LinkedHashMap<>(members);
  }

  Object get(Object name) {
    return members.getOrDefault(name, Absent.UNDEFINED);
  }

  void set(String name, Object value) {
    members.put(name, value);
  }
}
