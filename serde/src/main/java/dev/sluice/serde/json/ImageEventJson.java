package dev.sluice.serde.json;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import dev.sluice.serde.Picture;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * JSON form of {@link ImageEvent}: the picture in base64, or its URI. Stateless, thus thread-safe.
 */
final class ImageEventJson {
  private ImageEventJson() {}

  static ObjectNode write(ImageEvent event) {
    ObjectNode node = JsonRecords.newRecord();
    IdentityJson.write(event.identity(), node);
    writePicture(event.picture(), node);
    ImageRequest request = event.request();
    IdentityJson.putIfPresent(node, "prompt", request.prompt());
    IdentityJson.putIfPresent(node, "policyId", request.policyId());
    if (!request.context().isEmpty()) {
      ObjectNode context = node.putObject("context");
      request.context().forEach(context::put);
    }
    if (request.priority() != 0) {
      node.put("priority", request.priority());
    }
    if (request.deadline() != null) {
      node.put("deadline", request.deadline().toString());
    }
    if (request.maxSlices() != 0) {
      node.put("maxSlices", request.maxSlices());
    }
    IdentityJson.putIfPresent(node, "traceparent", event.traceparent());
    return node;
  }

  /**
   * @param absentTime the event's time where the record has none
   */
  static ImageEvent read(JsonFields fields, Instant absentTime) throws RecordFormatException {
    Instant eventTime = fields.optionalInstant("eventTime");
    return new ImageEvent(
        IdentityJson.read(fields, eventTime == null ? absentTime : eventTime),
        readPicture(fields),
        new ImageRequest(
            fields.optionalText("prompt"),
            fields.optionalText("policyId"),
            fields.texts("context"),
            fields.integer("priority", 0),
            fields.optionalInstant("deadline"),
            maxSlices(fields)),
        null,
        fields.optionalText("traceparent"),
        null);
  }

  private static int maxSlices(JsonFields fields) throws RecordFormatException {
    int slices = fields.integer("maxSlices", 0);
    if (slices < 0) {
      throw fields.wrong("maxSlices", "0 or more", String.valueOf(slices));
    }
    return slices;
  }

  private static void writePicture(Picture picture, ObjectNode node) {
    byte[] bytes = picture.bytes();
    if (bytes != null) {
      node.put("bytes", Base64.getEncoder().encodeToString(bytes));
    }
    IdentityJson.putIfPresent(node, "uri", picture.uri());
    IdentityJson.putIfPresent(node, "sha256", picture.sha256());
    if (picture.byteLength() >= 0) {
      node.put("byteLength", picture.byteLength());
    }
    IdentityJson.putIfPresent(node, "mediaType", picture.mediaType());
  }

  private static Picture readPicture(JsonFields fields) throws RecordFormatException {
    String base64 = fields.optionalText("bytes");
    String uri = fields.optionalText("uri");
    String mediaType = fields.optionalText("mediaType");
    String sha256 = fields.optionalText("sha256");
    long declared = fields.number("byteLength", -1);
    if ((base64 == null) == (uri == null)) {
      throw fields.wrong("bytes", "either 'bytes' or 'uri'", uri == null ? "neither" : "both");
    }
    if (uri != null) {
      return Picture.ofUri(uri, sha256, declared, mediaType);
    }
    byte[] bytes = decode(fields, base64);
    if (declared >= 0 && declared != bytes.length) {
      throw fields.wrong("byteLength", bytes.length + " as in 'bytes'", String.valueOf(declared));
    }
    return Picture.ofBytes(bytes, mediaType, sha256);
  }

  private static byte[] decode(JsonFields fields, @Nullable String base64)
      throws RecordFormatException {
    try {
      return Base64.getDecoder().decode(base64 == null ? "" : base64);
    } catch (IllegalArgumentException e) {
      throw fields.wrong("bytes", "base64", "something else");
    }
  }
}
