package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.serde.Caption;
import dev.sluice.serde.Description;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.PolicyStatus;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Records to JSON and back; docs/records.md is the contract. Thread-safe. */
public final class JsonRecords {
  /** What is written, and the newest that is read. */
  public static final int SCHEMA_VERSION = 1;

  private JsonRecords() {}

  public static byte[] toBytes(ImageEvent event) {
    return JsonFormat.write(ImageEventJson.write(event));
  }

  public static byte[] toBytes(Caption caption) {
    return JsonFormat.write(CaptionJson.write(caption));
  }

  public static byte[] toBytes(Verdict verdict) {
    return JsonFormat.write(VerdictJson.write(verdict));
  }

  public static byte[] toBytes(Description description) {
    return JsonFormat.write(DescriptionJson.write(description));
  }

  public static byte[] toBytes(Rejection rejection) {
    return JsonFormat.write(RejectionJson.write(rejection));
  }

  public static byte[] toBytes(PolicyStatus status) {
    return JsonFormat.write(PolicyStatusJson.write(status));
  }

  /** An object of strings. */
  public static byte[] toBytes(Map<String, String> texts) {
    ObjectNode node = JsonFormat.newObject();
    texts.forEach(node::put);
    return JsonFormat.write(node);
  }

  /** One line, without its end. */
  public static String toLine(Caption caption) {
    return new String(toBytes(caption), StandardCharsets.UTF_8);
  }

  /** One line, without its end. */
  public static String toLine(Verdict verdict) {
    return new String(toBytes(verdict), StandardCharsets.UTF_8);
  }

  /** One line, without its end. */
  public static String toLine(Description description) {
    return new String(toBytes(description), StandardCharsets.UTF_8);
  }

  /** One line, without its end. */
  public static String toLine(Rejection rejection) {
    return new String(toBytes(rejection), StandardCharsets.UTF_8);
  }

  /**
   * @param absentTime the event's time where the record has none
   */
  public static ImageEvent imageEvent(byte[] json, Instant absentTime)
      throws RecordFormatException {
    return ImageEventJson.read(fields(json), absentTime);
  }

  /** The event id of a record that may be wrong in everything else; empty if it cannot be read. */
  public static Optional<String> peekEventId(byte[] json) {
    try {
      return Optional.ofNullable(JsonFormat.read(json).optionalText("eventId"));
    } catch (RecordFormatException e) {
      return Optional.empty();
    }
  }

  public static Caption caption(byte[] json) throws RecordFormatException {
    return CaptionJson.read(fields(json));
  }

  public static Verdict verdict(byte[] json) throws RecordFormatException {
    return VerdictJson.read(fields(json));
  }

  public static Description description(byte[] json) throws RecordFormatException {
    return DescriptionJson.read(fields(json));
  }

  public static Rejection rejection(byte[] json) throws RecordFormatException {
    return RejectionJson.read(fields(json));
  }

  public static PolicyStatus policyStatus(byte[] json) throws RecordFormatException {
    return PolicyStatusJson.read(fields(json));
  }

  /** Reads an object of strings. */
  public static Map<String, String> texts(byte[] json) throws RecordFormatException {
    return JsonFormat.read(json).texts();
  }

  private static JsonFields fields(byte[] json) throws RecordFormatException {
    JsonFields fields = JsonFormat.read(json);
    int version = fields.integer("schemaVersion", SCHEMA_VERSION);
    if (version < 1 || version > SCHEMA_VERSION) {
      throw fields.wrong(
          "schemaVersion", "between 1 and " + SCHEMA_VERSION, String.valueOf(version));
    }
    return fields;
  }

  static ObjectNode newRecord() {
    return JsonFormat.newObject().put("schemaVersion", SCHEMA_VERSION);
  }
}
