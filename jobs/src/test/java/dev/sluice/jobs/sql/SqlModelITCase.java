package dev.sluice.jobs.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.local.LocalFlink;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionLanguage;
import dev.sluice.operators.VisionOptions;
import dev.sluice.serde.Caption;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Verdict;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in SQL on a mini cluster, with the embedded model. */
class SqlModelITCase {
  private static final int PICTURES = 6;
  private static final String BROKEN = "broken";

  /** Batches differ, and with them the last digits. */
  private static final Offset<Double> TOLERANCE = Offset.offset(1e-4);

  private static final TypeInformation<Row> ROW =
      Types.ROW_NAMED(
          new String[] {"id", "image", "prompt"},
          Types.STRING,
          Types.PRIMITIVE_ARRAY(Types.BYTE),
          Types.STRING);

  @TempDir private Path folder;
  private Configuration configuration;
  private StreamExecutionEnvironment env;
  private StreamTableEnvironment tables;

  @BeforeEach
  void table() throws Exception {
    configuration = LocalFlink.configuration(folder, 0);
    configuration.set(ModelOptions.DEVICE_THREADS, 1);
    configuration.set(VisionOptions.MAX_NEW_TOKENS, 12);
    env = StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    tables = StreamTableEnvironment.create(env);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < PICTURES; i++) {
      rows.add(Row.of("picture-" + i, picture(i), i % 2 == 0 ? "describe:" : null));
    }
    rows.add(Row.of(BROKEN, new byte[] {1, 2, 3}, "describe:"));
    rows.add(Row.of("none", null, "describe:"));
    Schema schema =
        Schema.newBuilder()
            .column("id", DataTypes.STRING())
            .column("image", DataTypes.BYTES())
            .column("prompt", DataTypes.STRING())
            .build();
    tables.createTemporaryView("images", env.fromData(rows, ROW), schema);
  }

  @Test
  void captionsOfSql_areThoseOfTheOperators() throws Exception {
    createModel(
        "captioner",
        "INPUT (image BYTES, prompt STRING) OUTPUT (caption STRING, rejection STRING)",
        "'task' = 'caption'");

    Map<String, List<Object>> rows =
        query(
            "SELECT id, caption, rejection FROM"
                + " ML_PREDICT(TABLE images, MODEL captioner, DESCRIPTOR(image, prompt))");

    Map<String, String> expected = captionsOfTheOperators();
    assertThat(expected).hasSize(PICTURES);
    expected.forEach((id, caption) -> assertThat(rows.get(id)).containsExactly(id, caption, null));
    assertThat(rows.get(BROKEN).get(1)).isNull();
    assertThat(rows.get(BROKEN).get(2)).asString().startsWith("UNREADABLE_IMAGE: ");
    assertThat(rows.get("none")).containsExactly("none", null, null);
  }

  @Test
  void verdictsOfSql_areThoseOfTheOperators() throws Exception {
    String policy = EmbeddedModel.writePolicy(folder.resolve("policy.json")).toString();
    createModel(
        "moderator",
        "INPUT (image BYTES) OUTPUT (decision STRING, label STRING, score DOUBLE)",
        "'task' = 'verdict', 'policy' = '" + policy + "'");

    Map<String, List<Object>> rows =
        query(
            "SELECT id, decision, label, score FROM"
                + " ML_PREDICT(TABLE images, MODEL moderator, DESCRIPTOR(image))");

    Map<String, Verdict> expected = verdictsOfTheOperators();
    assertThat(expected).hasSize(PICTURES);
    expected.forEach(
        (id, verdict) -> {
          List<Object> row = rows.get(id);
          double score = (double) row.get(3);
          assertThat(row.get(1)).isEqualTo(verdict.decision().name());
          assertThat(verdict.labels())
              .filteredOn(label -> label.code().equals(row.get(2)))
              .singleElement()
              .satisfies(label -> assertThat(score).isCloseTo(label.score(), TOLERANCE));
          assertThat(verdict.labels())
              .allSatisfy(label -> assertThat(label.score()).isLessThan(score + TOLERANCE.value));
        });
    assertThat(rows.get(BROKEN)).containsExactly(BROKEN, null, null, null);
  }

  @Test
  void questions_areAnswered() throws Exception {
    createModel(
        "answerer",
        "INPUT (image BYTES, question STRING) OUTPUT (answer STRING)",
        "'task' = 'answer'");

    Map<String, List<Object>> rows =
        query(
            "SELECT id, answer FROM"
                + " ML_PREDICT(TABLE images, MODEL answerer, DESCRIPTOR(image, prompt))");

    assertThat(rows.get("picture-0").get(1)).asString().isNotBlank();
    assertThat(rows.get("picture-1").get(1)).as("without a question").isNull();
  }

  private void createModel(String name, String columns, String options) {
    tables.executeSql(
        "CREATE MODEL %s %s WITH ('provider' = 'sluice', 'model-dir' = '%s', %s)"
            .formatted(name, columns, EmbeddedModel.directory(), options));
  }

  private Map<String, List<Object>> query(String sql) throws Exception {
    Map<String, List<Object>> rows = new TreeMap<>();
    try (CloseableIterator<Row> all = tables.executeSql(sql).collect()) {
      all.forEachRemaining(row -> rows.put(row.getFieldAs(0), fields(row)));
    }
    assertThat(rows).hasSize(PICTURES + 2);
    return rows;
  }

  private static List<Object> fields(Row row) {
    List<Object> fields = new ArrayList<>();
    for (int i = 0; i < row.getArity(); i++) {
      fields.add(row.getField(i));
    }
    return fields;
  }

  private Map<String, String> captionsOfTheOperators() throws Exception {
    VisionLanguage vision = vision();
    Map<String, String> captions = new TreeMap<>();
    try (CloseableIterator<Caption> all =
        vision.caption(vision.encode(vision.slice(events()))).executeAndCollect()) {
      all.forEachRemaining(caption -> captions.put(caption.identity().eventId(), caption.text()));
    }
    return captions;
  }

  private Map<String, Verdict> verdictsOfTheOperators() throws Exception {
    VisionLanguage vision = vision();
    Map<String, Verdict> verdicts = new TreeMap<>();
    try (CloseableIterator<Verdict> all =
        vision
            .judge(vision.encode(vision.slice(events())), EmbeddedModel.policy())
            .executeAndCollect()) {
      all.forEachRemaining(verdict -> verdicts.put(verdict.identity().eventId(), verdict));
    }
    return verdicts;
  }

  private VisionLanguage vision() {
    return VisionLanguage.with(
        ModelRef.of(EmbeddedModel.directory().toString(), ModelOptions.from(configuration)),
        VisionOptions.from(configuration));
  }

  private DataStream<ImageEvent> events() throws Exception {
    List<ImageEvent> events = new ArrayList<>();
    for (int i = 0; i < PICTURES; i++) {
      events.add(
          ImageEvent.of(
              EventIdentity.of("picture-" + i, Instant.EPOCH), Picture.ofBytes(picture(i), null)));
    }
    return env.fromData(ImageEvent.class, events.toArray(new ImageEvent[0]));
  }

  private static byte[] picture(int index) throws Exception {
    return ScenePicture.of(5, index, 160, 120, new StandardPictureEncoder()).file().bytes();
  }
}
