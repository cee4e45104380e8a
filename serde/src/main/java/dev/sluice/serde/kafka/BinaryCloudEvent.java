package dev.sluice.serde.kafka;

import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import dev.sluice.serde.Picture;
import dev.sluice.serde.json.IsoTimes;
import dev.sluice.serde.json.JsonRecords;
import dev.sluice.serde.json.RecordFormatException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * An image event as CloudEvent in binary mode: the value is the encoded picture, everything else is
 * a header. Stateless, thus thread-safe.
 */
final class BinaryCloudEvent {
  private static final String SPEC_1 = "1.";

  private BinaryCloudEvent() {}

  static ImageEvent read(Map<String, String> headers, byte @Nullable [] value, Instant recordTime)
      throws RecordFormatException {
    checkVersions(headers);
    Instant time = instant(headers, CloudEventHeaders.TIME);
    EventIdentity identity =
        new EventIdentity(
            required(headers, CloudEventHeaders.ID),
            headers.get(CloudEventHeaders.TENANT_ID),
            headers.get(CloudEventHeaders.CONTENT_ID),
            (int) number(headers, CloudEventHeaders.IMAGE_INDEX, 0),
            time == null ? recordTime : time);
    ImageRequest request =
        new ImageRequest(
            headers.get(CloudEventHeaders.PROMPT),
            headers.get(CloudEventHeaders.POLICY_ID),
            context(headers),
            (int) number(headers, CloudEventHeaders.PRIORITY, 0),
            instant(headers, CloudEventHeaders.DEADLINE),
            maxSlices(headers));
    return new ImageEvent(
        identity,
        picture(headers, value),
        request,
        null,
        headers.get(CloudEventHeaders.TRACEPARENT),
        null);
  }

  static void write(ImageEvent event, Headers headers) {
    EventIdentity identity = event.identity();
    CloudEventHeaders.put(headers, CloudEventHeaders.SPEC_VERSION, "1.0");
    CloudEventHeaders.put(headers, CloudEventHeaders.ID, identity.eventId());
    CloudEventHeaders.put(headers, CloudEventHeaders.TYPE, CloudEventHeaders.IMAGE_EVENT_TYPE);
    CloudEventHeaders.put(headers, CloudEventHeaders.TIME, identity.eventTime().toString());
    CloudEventHeaders.put(
        headers, CloudEventHeaders.SCHEMA_VERSION, String.valueOf(JsonRecords.SCHEMA_VERSION));
    put(headers, CloudEventHeaders.TENANT_ID, identity.tenantId());
    put(headers, CloudEventHeaders.CONTENT_ID, identity.contentId());
    if (identity.imageIndex() != 0) {
      put(headers, CloudEventHeaders.IMAGE_INDEX, String.valueOf(identity.imageIndex()));
    }
    writePicture(event.picture(), headers);
    writeRequest(event.request(), headers);
    put(headers, CloudEventHeaders.TRACEPARENT, event.traceparent());
  }

  private static void writePicture(Picture picture, Headers headers) {
    put(headers, CloudEventHeaders.CONTENT_TYPE, picture.mediaType());
    put(headers, CloudEventHeaders.DATA_REF, picture.uri());
    put(headers, CloudEventHeaders.SHA_256, picture.sha256());
    if (picture.byteLength() >= 0) {
      put(headers, CloudEventHeaders.BYTE_LENGTH, String.valueOf(picture.byteLength()));
    }
  }

  private static void writeRequest(ImageRequest request, Headers headers) {
    put(headers, CloudEventHeaders.PROMPT, request.prompt());
    put(headers, CloudEventHeaders.POLICY_ID, request.policyId());
    if (!request.context().isEmpty()) {
      put(
          headers,
          CloudEventHeaders.CONTEXT,
          new String(JsonRecords.toBytes(request.context()), StandardCharsets.UTF_8));
    }
    if (request.priority() != 0) {
      put(headers, CloudEventHeaders.PRIORITY, String.valueOf(request.priority()));
    }
    if (request.deadline() != null) {
      put(headers, CloudEventHeaders.DEADLINE, request.deadline().toString());
    }
    if (request.maxSlices() != 0) {
      put(headers, CloudEventHeaders.MAX_SLICES, String.valueOf(request.maxSlices()));
    }
  }

  private static void put(Headers headers, String name, @Nullable String value) {
    if (value != null) {
      CloudEventHeaders.put(headers, name, value);
    }
  }

  private static void checkVersions(Map<String, String> headers) throws RecordFormatException {
    String spec = required(headers, CloudEventHeaders.SPEC_VERSION);
    if (!spec.startsWith(SPEC_1)) {
      throw wrong(CloudEventHeaders.SPEC_VERSION, "1.x", "another version");
    }
    long schema = number(headers, CloudEventHeaders.SCHEMA_VERSION, JsonRecords.SCHEMA_VERSION);
    if (schema < 1 || schema > JsonRecords.SCHEMA_VERSION) {
      throw wrong(
          CloudEventHeaders.SCHEMA_VERSION,
          "between 1 and " + JsonRecords.SCHEMA_VERSION,
          String.valueOf(schema));
    }
  }

  private static Picture picture(Map<String, String> headers, byte @Nullable [] value)
      throws RecordFormatException {
    String uri = headers.get(CloudEventHeaders.DATA_REF);
    String mediaType = headers.get(CloudEventHeaders.CONTENT_TYPE);
    String sha256 = headers.get(CloudEventHeaders.SHA_256);
    long declared = number(headers, CloudEventHeaders.BYTE_LENGTH, -1);
    if (value != null && value.length > 0) {
      return Picture.ofBytes(value, mediaType, sha256);
    }
    if (uri == null) {
      throw new RecordFormatException(
          "value: expected an encoded picture, or a header '%s', found neither"
              .formatted(CloudEventHeaders.DATA_REF));
    }
    return Picture.ofUri(uri, sha256, declared, mediaType);
  }

  private static Map<String, String> context(Map<String, String> headers)
      throws RecordFormatException {
    String json = headers.get(CloudEventHeaders.CONTEXT);
    if (json == null) {
      return Map.of();
    }
    try {
      return JsonRecords.texts(json.getBytes(StandardCharsets.UTF_8));
    } catch (RecordFormatException e) {
      throw wrong(CloudEventHeaders.CONTEXT, "a JSON object of strings", "something else");
    }
  }

  private static int maxSlices(Map<String, String> headers) throws RecordFormatException {
    int slices = (int) number(headers, CloudEventHeaders.MAX_SLICES, 0);
    if (slices < 0) {
      throw wrong(CloudEventHeaders.MAX_SLICES, "0 or more", String.valueOf(slices));
    }
    return slices;
  }

  private static String required(Map<String, String> headers, String name)
      throws RecordFormatException {
    String value = headers.get(name);
    if (value == null) {
      throw wrong(name, "a value", "nothing");
    }
    return value;
  }

  private static long number(Map<String, String> headers, String name, long absent)
      throws RecordFormatException {
    String value = headers.get(name);
    if (value == null) {
      return absent;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= Integer.MIN_VALUE && (number <= Integer.MAX_VALUE || isLength(name))) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw wrong(name, "a whole number", "something else");
  }

  private static boolean isLength(String name) {
    return name.equals(CloudEventHeaders.BYTE_LENGTH);
  }

  private static @Nullable Instant instant(Map<String, String> headers, String name)
      throws RecordFormatException {
    String value = headers.get(name);
    if (value == null) {
      return null;
    }
    try {
      return IsoTimes.parse(value);
    } catch (DateTimeException e) {
      throw wrong(name, "an ISO-8601 time with its offset", value.length() + " characters");
    }
  }

  private static RecordFormatException wrong(String name, String expected, String found) {
    return new RecordFormatException(
        "header '%s': expected %s, found %s".formatted(name, expected, found));
  }
}
