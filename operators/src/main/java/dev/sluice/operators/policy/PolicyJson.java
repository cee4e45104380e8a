package dev.sluice.operators.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.PolicyChange;
import dev.sluice.serde.PolicyChange.Mode;
import dev.sluice.serde.json.IsoTimes;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Policies and changes of policies in JSON; docs/policies.md is the contract. Thread-safe. */
final class PolicyJson {
  static final int MAX_BYTES = 1 << 20;

  private static final String MODE = "mode";
  private static final String EFFECTIVE_FROM = "effectiveFrom";

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PolicyJson() {}

  /**
   * @param name of what is read, for messages
   * @throws IllegalArgumentException if it is not a policy, with the reason
   */
  static ModerationPolicy policy(byte[] json, String name) {
    return read(json, name, node -> content(node, name));
  }

  /**
   * A policy with the fields {@code mode} and {@code effectiveFrom}, both of which may be missing;
   * with the mode {@code off} an id is enough.
   *
   * @param recordTime from when it applies where it does not say
   * @param name of what is read, for messages
   * @throws IllegalArgumentException if it is not a change of a policy, with the reason
   */
  static PolicyChange change(byte[] json, Instant recordTime, String name) {
    return read(json, name, node -> change(node, recordTime, name));
  }

  private static PolicyChange change(ObjectNode node, Instant recordTime, String name)
      throws JsonProcessingException {
    Mode mode = mode(text(node.remove(MODE), MODE, name), name);
    Instant from = effectiveFrom(text(node.remove(EFFECTIVE_FROM), EFFECTIVE_FROM, name), name);
    Instant effectiveFrom = from == null ? recordTime : from;
    if (mode == Mode.OFF) {
      Withdrawal withdrawn = MAPPER.treeToValue(node, Withdrawal.class);
      return new PolicyChange(require(withdrawn.id, "id", name), mode, effectiveFrom, null);
    }
    ModerationPolicy policy = content(node, name);
    return new PolicyChange(policy.id(), mode, effectiveFrom, policy);
  }

  private static ModerationPolicy content(ObjectNode node, String name)
      throws JsonProcessingException {
    return MAPPER.treeToValue(node, Content.class).toPolicy(name);
  }

  private static <T> T read(byte[] json, String name, Reading<T> reading) {
    if (json.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "%s: expected at most %d bytes, found %d".formatted(name, MAX_BYTES, json.length));
    }
    try {
      if (!(MAPPER.readTree(json) instanceof ObjectNode node)) {
        throw new IllegalArgumentException(name + ": expected a JSON object, found none");
      }
      return reading.of(node);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(name + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(name + ": cannot be read", e);
    }
  }

  private static @Nullable String text(@Nullable JsonNode node, String field, String name) {
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isTextual()) {
      throw new IllegalArgumentException(
          "%s: field '%s': expected a string, found %s"
              .formatted(name, field, node.getNodeType().name().toLowerCase(Locale.ROOT)));
    }
    return node.textValue();
  }

  private static Mode mode(@Nullable String word, String name) {
    if (word == null) {
      return Mode.DECIDE;
    }
    for (Mode mode : Mode.values()) {
      if (mode.word().equals(word)) {
        return mode;
      }
    }
    throw new IllegalArgumentException(
        name + ": field 'mode': expected decide, shadow or off, found another word");
  }

  private static @Nullable Instant effectiveFrom(@Nullable String text, String name) {
    try {
      return text == null ? null : IsoTimes.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          name + ": field 'effectiveFrom': expected an ISO-8601 time with its offset", e);
    }
  }

  private static <T> T require(@Nullable T value, String field, String name) {
    if (value == null) {
      throw new IllegalArgumentException(
          "%s: expected a field '%s', found none".formatted(name, field));
    }
    return value;
  }

  /** What is made of a JSON object. */
  private interface Reading<T> {
    T of(ObjectNode node) throws JsonProcessingException;
  }

  /** A policy's fields, any of which may be missing. */
  private record Content(
      @Nullable String id,
      @Nullable String version,
      @Nullable String question,
      @Nullable List<String> options,
      @Nullable String neutralOption,
      @Nullable List<LabelContent> labels) {

    ModerationPolicy toPolicy(String name) {
      return new ModerationPolicy(
          require(id, "id", name),
          require(version, "version", name),
          require(question, "question", name),
          require(options, "options", name),
          neutralOption,
          require(labels, "labels", name).stream().map(label -> label.toLabel(name)).toList());
    }
  }

  /** One label's fields. */
  private record LabelContent(
      @Nullable String code,
      @Nullable String option,
      @Nullable Double reviewThreshold,
      @Nullable Double blockThreshold) {

    ModerationPolicy.Label toLabel(String name) {
      String labelCode = require(code, "labels.code", name);
      return new ModerationPolicy.Label(
          labelCode,
          option == null ? labelCode : option,
          require(reviewThreshold, "labels.reviewThreshold", name),
          require(blockThreshold, "labels.blockThreshold", name));
    }
  }

  /** What ends a shadow. */
  private record Withdrawal(@Nullable String id) {}
}
