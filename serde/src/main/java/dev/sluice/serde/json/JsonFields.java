package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, read with their expected types; an error names the field's path.
 * Owned by the thread that reads the record.
 */
final class JsonFields {
  private static final int MAX_ENTRIES = 1000;

  private final JsonNode object;
  private final String path;

  JsonFields(JsonNode object, String path) {
    this.object = object;
    this.path = path;
  }

  static String kindOf(JsonNode node) {
    return node.getNodeType().name().toLowerCase(Locale.ROOT);
  }

  boolean has(String name) {
    return object.hasNonNull(name);
  }

  String text(String name) throws RecordFormatException {
    return required(name, "a string", optionalText(name));
  }

  @Nullable String optionalText(String name) throws RecordFormatException {
    JsonNode node = field(name);
    if (node == null) {
      return null;
    }
    if (!node.isTextual()) {
      throw wrong(name, "a string", kindOf(node));
    }
    return node.textValue();
  }

  long number(String name, long absent) throws RecordFormatException {
    JsonNode node = field(name);
    if (node == null) {
      return absent;
    }
    if (!node.canConvertToExactIntegral() || !node.canConvertToLong()) {
      throw wrong(name, "a whole number of 64 bits", kindOf(node));
    }
    return node.longValue();
  }

  int integer(String name, int absent) throws RecordFormatException {
    long value = number(name, absent);
    if (value != (int) value) {
      throw wrong(name, "a whole number of 32 bits", String.valueOf(value));
    }
    return (int) value;
  }

  int integer(String name) throws RecordFormatException {
    required(name, "a whole number", field(name));
    return integer(name, 0);
  }

  double decimal(String name) throws RecordFormatException {
    JsonNode node = required(name, "a number", field(name));
    if (!node.isNumber()) {
      throw wrong(name, "a number", kindOf(node));
    }
    return node.doubleValue();
  }

  boolean flag(String name) throws RecordFormatException {
    JsonNode node = field(name);
    if (node == null) {
      return false;
    }
    if (!node.isBoolean()) {
      throw wrong(name, "true or false", kindOf(node));
    }
    return node.booleanValue();
  }

  @Nullable Instant optionalInstant(String name) throws RecordFormatException {
    String text = optionalText(name);
    if (text == null) {
      return null;
    }
    try {
      return IsoTimes.parse(text);
    } catch (DateTimeException e) {
      throw wrong(name, "an ISO-8601 time with its offset", text.length() + " characters");
    }
  }

  Instant instant(String name) throws RecordFormatException {
    return required(name, "an ISO-8601 time", optionalInstant(name));
  }

  <E extends Enum<E>> E constant(String name, Class<E> type) throws RecordFormatException {
    String text = text(name);
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(text)) {
        return constant;
      }
    }
    throw wrong(name, "one of " + List.of(type.getEnumConstants()), "another word");
  }

  JsonFields object(String name) throws RecordFormatException {
    return required(name, "an object", optionalObject(name));
  }

  @Nullable JsonFields optionalObject(String name) throws RecordFormatException {
    JsonNode node = field(name);
    if (node == null) {
      return null;
    }
    if (!node.isObject()) {
      throw wrong(name, "an object", kindOf(node));
    }
    return new JsonFields(node, path + name + ".");
  }

  List<JsonFields> objects(String name) throws RecordFormatException {
    List<JsonFields> objects = new ArrayList<>();
    for (JsonNode node : array(name)) {
      if (!node.isObject()) {
        throw wrong(name, "an array of objects", kindOf(node));
      }
      objects.add(new JsonFields(node, path + name + "[" + objects.size() + "]."));
    }
    return objects;
  }

  /** Two whole numbers, or null where the field is absent. */
  int @Nullable [] pair(String name) throws RecordFormatException {
    if (!has(name)) {
      return null;
    }
    JsonNode array = array(name);
    if (array.size() != 2 || !array.get(0).canConvertToInt() || !array.get(1).canConvertToInt()) {
      throw wrong(name, "two whole numbers", array.size() + " elements");
    }
    return new int[] {array.get(0).intValue(), array.get(1).intValue()};
  }

  Map<String, String> texts(String name) throws RecordFormatException {
    JsonFields fields = optionalObject(name);
    return fields == null ? Map.of() : fields.texts();
  }

  /** All fields of this object, which must be strings. */
  Map<String, String> texts() throws RecordFormatException {
    checkSize("*", object);
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : (Iterable<String>) object::fieldNames) {
      String value = optionalText(key);
      if (value != null) {
        texts.put(key, value);
      }
    }
    return texts;
  }

  private JsonNode array(String name) throws RecordFormatException {
    JsonNode node = required(name, "an array", field(name));
    if (!node.isArray()) {
      throw wrong(name, "an array", kindOf(node));
    }
    checkSize(name, node);
    return node;
  }

  private void checkSize(String name, JsonNode node) throws RecordFormatException {
    if (node.size() > MAX_ENTRIES) {
      throw wrong(name, "at most " + MAX_ENTRIES + " entries", String.valueOf(node.size()));
    }
  }

  private @Nullable JsonNode field(String name) {
    JsonNode node = object.get(name);
    return node == null || node.isNull() ? null : node;
  }

  private <T> T required(String name, String expected, @Nullable T value)
      throws RecordFormatException {
    if (value == null) {
      throw wrong(name, expected, "nothing");
    }
    return value;
  }

  RecordFormatException wrong(String name, String expected, String found) {
    return new RecordFormatException(
        "field '%s%s': expected %s, found %s".formatted(path, name, expected, found));
  }
}
