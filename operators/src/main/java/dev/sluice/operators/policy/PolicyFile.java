package dev.sluice.operators.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.operators.ModerationPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads policies from JSON; docs/policies.md is the contract. Thread-safe. */
public final class PolicyFile {
  private static final int MAX_BYTES = 1 << 20;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private PolicyFile() {}

  /**
   * @throws IllegalArgumentException if the file is missing or not a policy, with the reason
   */
  public static ModerationPolicy read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in.readNBytes(MAX_BYTES + 1), file.toString());
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("policy file " + file + ": there is none", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "policy file " + file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  /**
   * @param name of what is read, for messages
   */
  public static ModerationPolicy read(byte[] json, String name) {
    if (json.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "policy file %s: expected at most %d bytes".formatted(name, MAX_BYTES));
    }
    try {
      return MAPPER.readValue(json, Content.class).toPolicy(name);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "policy file %s: %s".formatted(name, e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("policy file " + name + ": cannot be read", e);
    }
  }

  /** The file's fields, any of which may be missing. */
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

  private static <T> T require(@Nullable T value, String field, String name) {
    if (value == null) {
      throw new IllegalArgumentException(
          "policy file %s: expected a field '%s', found none".formatted(name, field));
    }
    return value;
  }
}
