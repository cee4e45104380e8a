package dev.sluice.jobs.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks an object against the structural schema of a custom resource definition, as Kubernetes
 * does with strict field validation: no unknown field, none missing, each of its type.
 */
final class CrdSchema {
  private final List<String> complaints = new ArrayList<>();

  private CrdSchema() {}

  static List<String> complaints(JsonNode value, JsonNode schema) {
    CrdSchema check = new CrdSchema();
    check.check("", value, schema);
    return check.complaints;
  }

  private void check(String path, JsonNode value, JsonNode schema) {
    if (schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()
        || schema.path("x-kubernetes-int-or-string").asBoolean()) {
      return;
    }
    String type = schema.path("type").asText("object");
    if (!isOf(type, value)) {
      complaints.add(path + ": expected " + type + ", found " + value);
    }
    checkEnum(path, value, schema.path("enum"));
    schema
        .path("required")
        .forEach(
            name -> {
              if (!value.has(name.asText())) {
                complaints.add(path + "." + name.asText() + ": missing");
              }
            });
    value
        .properties()
        .forEach(
            field ->
                checkField(path + "." + field.getKey(), field.getValue(), schema, field.getKey()));
    if (value.isArray()) {
      value.forEach(item -> check(path + "[]", item, schema.path("items")));
    }
  }

  private void checkField(String path, JsonNode value, JsonNode schema, String name) {
    JsonNode known = schema.path("properties").path(name);
    JsonNode others = schema.path("additionalProperties");
    if (!known.isMissingNode()) {
      check(path, value, known);
    } else if (others.isObject()) {
      check(path, value, others);
    } else {
      complaints.add(path + ": not known");
    }
  }

  private void checkEnum(String path, JsonNode value, JsonNode allowed) {
    for (JsonNode one : allowed) {
      if (one.equals(value)) {
        return;
      }
    }
    if (!allowed.isEmpty()) {
      complaints.add(path + ": expected one of " + allowed + ", found " + value);
    }
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      default -> false;
    };
  }
}
