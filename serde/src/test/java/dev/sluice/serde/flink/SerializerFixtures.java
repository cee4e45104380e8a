package dev.sluice.serde.flink;

import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Samples;
import dev.sluice.serde.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Snapshots and records as a build once wrote them. Run {@code main} with a folder to write those
 * of this build beside the older ones; a committed fixture is never written again.
 */
final class SerializerFixtures {
  /** What this build writes. */
  static final Map<RecordTypeInfo<?>, Object> RECORDS =
      policyRecords(Samples.JUDGED_EVENT.with(Samples.JUDGED_EVENT.request().withMaxSlices(4)));

  /** What version 3 wrote, as this build reads it. */
  static final Map<RecordTypeInfo<?>, Object> RECORDS_OF_VERSION_3 =
      policyRecords(Samples.JUDGED_EVENT);

  /** What version 2 wrote, as this build reads it. */
  static final Map<RecordTypeInfo<?>, Object> RECORDS_OF_VERSION_2 =
      firstRecords(Samples.CALIBRATED_VERDICT);

  /** What version 1 wrote, as this build reads it. */
  static final Map<RecordTypeInfo<?>, Object> RECORDS_OF_VERSION_1 = firstRecords(Samples.VERDICT);

  private SerializerFixtures() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[0]));
    for (Map.Entry<RecordTypeInfo<?>, Object> entry : RECORDS.entrySet()) {
      Files.write(folder.resolve(entry.getKey() + ".bin"), bytes(entry.getKey(), entry.getValue()));
    }
  }

  @SuppressWarnings("unchecked") // the map pairs a type with its record
  private static <T> byte[] bytes(RecordTypeInfo<T> type, Object value) throws IOException {
    TypeSerializer<T> serializer = type.createSerializer();
    DataOutputSerializer out = new DataOutputSerializer(256);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
    serializer.serialize((T) value, out);
    return out.getCopyOfBuffer();
  }

  private static Map<RecordTypeInfo<?>, Object> policyRecords(ImageEvent event) {
    Map<RecordTypeInfo<?>, Object> records = firstRecords(Samples.CALIBRATED_VERDICT);
    records.put(RecordTypes.IMAGE_EVENT, event);
    records.put(RecordTypes.POLICY_CHANGE, Samples.POLICY_CHANGE);
    records.put(RecordTypes.POLICY_STATUS, Samples.POLICY_STATUS);
    return records;
  }

  private static Map<RecordTypeInfo<?>, Object> firstRecords(Verdict verdict) {
    Map<RecordTypeInfo<?>, Object> records = new LinkedHashMap<>();
    records.put(RecordTypes.IMAGE_EVENT, Samples.EVENT);
    records.put(RecordTypes.SLICED_IMAGE, Samples.SLICED);
    records.put(RecordTypes.ENCODED_IMAGE, Samples.ENCODED);
    records.put(RecordTypes.CAPTION, Samples.CAPTION);
    records.put(RecordTypes.VERDICT, verdict);
    records.put(RecordTypes.DESCRIPTION, Samples.DESCRIPTION);
    records.put(RecordTypes.REJECTION, Samples.REJECTION);
    return records;
  }
}
