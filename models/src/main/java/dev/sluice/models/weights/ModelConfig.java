package dev.sluice.models.weights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file of a model folder, or an object inside one: typed values within stated
 * ranges, and errors that name file, key, what was expected and what was found. Immutable.
 *
 * <p>{@code null} in the file counts as absent. Getters without a default fail when the key is
 * absent; those that end in {@code Or} take the default.
 */
public final class ModelConfig {
  private static final long MAX_FILE_BYTES = 16L << 20;

  private final String file;
  private final String path;
  private final JsonNode node;

  private ModelConfig(String file, String path, JsonNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  /**
   * Reads a file of at most 16 MiB that holds one JSON object.
   *
   * @throws WeightsException if it is missing, too large, too deep, or not an object
   */
  public static ModelConfig read(Path file) {
    return new ModelConfig(
        String.valueOf(file.getFileName()), "", Json.readObject(file, MAX_FILE_BYTES));
  }

  /**
   * Reads one JSON object that came with the program.
   *
   * @param file its name, for messages
   */
  public static ModelConfig read(String file, InputStream in) throws IOException {
    return new ModelConfig(file, "", Json.readObject(file, in.readNBytes((int) MAX_FILE_BYTES)));
  }

  /** A file that is not there: every getter takes its default. */
  public static ModelConfig empty(String file) {
    return new ModelConfig(file, "", JsonNodeFactory.instance.objectNode());
  }

  /** Whether the key is there and not {@code null}. */
  public boolean has(String key) {
    return value(key) != null;
  }

  public boolean isEmpty() {
    return node.isEmpty();
  }

  public Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    node.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  /** The JSON itself, for what the getters do not cover. */
  public JsonNode json() {
    return node;
  }

  /** The name of the file, for messages. */
  public String file() {
    return file;
  }

  /**
   * The object under a key.
   *
   * @throws WeightsException if it is absent or not an object
   */
  public ModelConfig at(String key) {
    return find(key).orElseThrow(() -> missing(key, "an object"));
  }

  /** The object under a key, or an empty one. */
  public ModelConfig atOrEmpty(String key) {
    return find(key)
        .orElseGet(() -> new ModelConfig(file, full(key), JsonNodeFactory.instance.objectNode()));
  }

  /** The object under a key, if it is there. */
  public Optional<ModelConfig> find(String key) {
    JsonNode value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isObject()) {
      throw wrong(key, "an object", value);
    }
    return Optional.of(new ModelConfig(file, full(key), value));
  }

  /** A whole number from {@code min} to {@code max}. */
  public int intAt(String key, int min, int max) {
    JsonNode value = value(key);
    if (value == null) {
      throw missing(key, range(min, max));
    }
    return toInt(key, value, min, max);
  }

  /** {@link #intAt} with a default. */
  public int intOr(String key, int fallback, int min, int max) {
    JsonNode value = value(key);
    return value == null ? fallback : toInt(key, value, min, max);
  }

  /** A size or a count: a whole number from 1 to 2^20, more than any published model has. */
  public int sizeAt(String key) {
    return intAt(key, 1, 1 << 20);
  }

  /** {@link #sizeAt} with a default. */
  public int sizeOr(String key, int fallback) {
    return intOr(key, fallback, 1, 1 << 20);
  }

  /** A finite number from {@code min} to {@code max}. */
  public double doubleAt(String key, double min, double max) {
    JsonNode value = value(key);
    if (value == null) {
      throw missing(key, "a number from " + min + " to " + max);
    }
    return toDouble(key, value, min, max);
  }

  /** {@link #doubleAt} with a default. */
  public double doubleOr(String key, double fallback, double min, double max) {
    JsonNode value = value(key);
    return value == null ? fallback : toDouble(key, value, min, max);
  }

  public boolean booleanOr(String key, boolean fallback) {
    JsonNode value = value(key);
    if (value == null) {
      return fallback;
    }
    if (!value.isBoolean()) {
      throw wrong(key, "true or false", value);
    }
    return value.booleanValue();
  }

  public String string(String key) {
    return findString(key).orElseThrow(() -> missing(key, "a text"));
  }

  public String stringOr(String key, String fallback) {
    return findString(key).orElse(fallback);
  }

  public Optional<String> findString(String key) {
    JsonNode value = value(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      throw wrong(key, "a text", value);
    }
    return Optional.of(value.textValue());
  }

  /** Whole numbers: an array, or one number alone; empty when absent. */
  public List<Integer> ints(String key) {
    List<Integer> values = new ArrayList<>();
    for (JsonNode item : items(key)) {
      values.add(toInt(key, item, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    return List.copyOf(values);
  }

  /** Finite numbers: an array, or one number alone; empty when absent. */
  public List<Double> doubles(String key) {
    List<Double> values = new ArrayList<>();
    for (JsonNode item : items(key)) {
      values.add(toDouble(key, item, -Double.MAX_VALUE, Double.MAX_VALUE));
    }
    return List.copyOf(values);
  }

  /** Texts: an array, or one text alone; empty when absent. */
  public List<String> strings(String key) {
    List<String> values = new ArrayList<>();
    for (JsonNode item : items(key)) {
      if (!item.isTextual()) {
        throw wrong(key, "texts", item);
      }
      values.add(item.textValue());
    }
    return List.copyOf(values);
  }

  /** An object of texts, such as {@code id2label}, in the file's order; empty when absent. */
  public Map<String, String> stringMap(String key) {
    Map<String, String> values = new LinkedHashMap<>();
    ModelConfig object = atOrEmpty(key);
    for (String name : object.keys()) {
      values.put(name, object.string(name));
    }
    return Map.copyOf(values);
  }

  /** The keys of another object for what is absent here (one level). */
  public ModelConfig orElse(ModelConfig defaults) {
    var merged = JsonNodeFactory.instance.objectNode();
    merged.setAll((com.fasterxml.jackson.databind.node.ObjectNode) defaults.node.deepCopy());
    node.properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isNull()) {
                merged.set(entry.getKey(), entry.getValue());
              }
            });
    return new ModelConfig(file, path, merged);
  }

  /** An error about a key, in this file's words. */
  public WeightsException error(String key, String expected) {
    JsonNode value = value(key);
    return value == null ? missing(key, expected) : wrong(key, expected, value);
  }

  private Iterable<JsonNode> items(String key) {
    JsonNode value = value(key);
    if (value == null) {
      return List.of();
    }
    return value.isArray() ? value : List.of(value);
  }

  private @Nullable JsonNode value(String key) {
    JsonNode value = node.get(key);
    return value == null || value.isNull() ? null : value;
  }

  private int toInt(String key, JsonNode value, int min, int max) {
    if (value.isNumber()
        && value.canConvertToExactIntegral()
        && value.canConvertToInt()
        && value.intValue() >= min
        && value.intValue() <= max) {
      return value.intValue();
    }
    throw wrong(key, range(min, max), value);
  }

  private double toDouble(String key, JsonNode value, double min, double max) {
    if (value.isNumber() && value.doubleValue() >= min && value.doubleValue() <= max) {
      return value.doubleValue();
    }
    throw wrong(key, "a number from " + min + " to " + max, value);
  }

  private static String range(int min, int max) {
    return "a whole number from " + min + " to " + max;
  }

  private WeightsException missing(String key, String expected) {
    return new WeightsException(
        "%s: '%s': expected %s, found nothing".formatted(file, full(key), expected));
  }

  private WeightsException wrong(String key, String expected, JsonNode found) {
    String text = found.isContainerNode() ? found.getNodeType().toString() : found.toString();
    String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    return new WeightsException(
        "%s: '%s': expected %s, found %s".formatted(file, full(key), expected, shown));
  }

  private String full(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  @Override
  public String toString() {
    return path.isEmpty() ? file : file + ": " + path;
  }
}
