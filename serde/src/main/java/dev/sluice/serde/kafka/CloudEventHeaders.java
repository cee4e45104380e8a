package dev.sluice.serde.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Names of the Kafka headers of a CloudEvent, and how they are read. Stateless, thus thread-safe.
 */
final class CloudEventHeaders {
  static final String SPEC_VERSION = "ce_specversion";
  static final String ID = "ce_id";
  static final String SOURCE = "ce_source";
  static final String TYPE = "ce_type";
  static final String TIME = "ce_time";
  static final String SUBJECT = "ce_subject";
  static final String DATA_REF = "ce_dataref";
  static final String TENANT_ID = "ce_tenantid";
  static final String CONTENT_ID = "ce_contentid";
  static final String IMAGE_INDEX = "ce_imageindex";
  static final String SHA_256 = "ce_sha256";
  static final String BYTE_LENGTH = "ce_bytelength";
  static final String PROMPT = "ce_prompt";
  static final String POLICY_ID = "ce_policyid";
  static final String CONTEXT = "ce_context";
  static final String PRIORITY = "ce_priority";
  static final String DEADLINE = "ce_deadline";
  static final String MAX_SLICES = "ce_maxslices";
  static final String TRACEPARENT = "ce_traceparent";
  static final String SCHEMA_VERSION = "ce_schemaversion";
  static final String CONTENT_TYPE = "content-type";

  static final String IMAGE_EVENT_TYPE = "dev.sluice.image.v1";
  static final String JSON = "application/json";

  private static final int MAX_HEADERS = 64;
  private static final int MAX_VALUE_BYTES = 64 << 10;

  private CloudEventHeaders() {}

  /** All headers as text; the last of a name counts, what is beyond the limits is left out. */
  static Map<String, String> read(Headers headers) {
    Map<String, String> texts = new TreeMap<>();
    for (Header header : headers) {
      byte[] value = header.value();
      if (value != null
          && value.length <= MAX_VALUE_BYTES
          && (texts.size() < MAX_HEADERS || texts.containsKey(header.key()))) {
        texts.put(header.key(), new String(value, StandardCharsets.UTF_8));
      }
    }
    return texts;
  }

  static void put(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
