package dev.sluice.operators.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.CatalogModel;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ObjectIdentifier;
import org.apache.flink.table.catalog.ResolvedCatalogModel;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.ml.AsyncPredictRuntimeProvider;
import org.apache.flink.table.types.DataType;
import org.junit.jupiter.api.Test;

class SluiceModelProviderFactoryTest {
  private static final String POLICY =
      """
      {"id": "p", "version": "1", "question": "cat?", "options": ["no", "cat"],
       "neutralOption": "no",
       "labels": [{"code": "cat", "reviewThreshold": 0.4, "blockThreshold": 0.8}]}
      """;

  private final Configuration session = new Configuration();

  @Test
  void provider_isFoundByItsName() {
    assertThat(
            FactoryUtil.discoverFactory(
                getClass().getClassLoader(), ModelProviderFactory.class, "sluice"))
        .isInstanceOf(SluiceModelProviderFactory.class);
  }

  @Test
  void everyTask_hasAnAsynchronousFunction() {
    create(
        Map.of("task", "caption"),
        List.of(image(), text("prompt")),
        List.of(text("caption"), text("rejection")));
    create(
        Map.of("task", "answer", "on-rejection", "fail", "sluice.decode.max-new-tokens", "8"),
        List.of(text("question"), image()),
        List.of(text("answer")));
    create(
        Map.of("task", "verdict", "policy", POLICY),
        List.of(image()),
        List.of(text("decision"), Column.physical("score", DataTypes.DOUBLE()), text("label")));
  }

  @Test
  void everythingWrong_isNamedAtOnce() {
    session.setString("sluice.encode.max-tiles", "0");

    assertThatThrownBy(
            () ->
                create(
                    Map.of("task", "verdict", "prompt", "what?"),
                    List.of(text("picture")),
                    List.of(text("caption"), text("score"))))
        .isInstanceOf(ValidationException.class)
        .hasMessage(
            """
            model cat.db.m:
            INPUT: expected columns of image BYTES, found picture STRING; rename them, or declare them so
            OUTPUT: expected columns of label STRING, score DOUBLE, decision STRING, rejection STRING, found caption STRING, score STRING; rename them, or declare them so
            INPUT: expected a column image BYTES, found [picture]; add it
            sluice.encode.max-tiles: expected at least 1, found 0
            'policy': expected it for verdicts and for them only, found none for the task VERDICT
            'prompt': expected it for captions only, found the task VERDICT; remove it""");
  }

  @Test
  void outputThatCannotBeNull_isRefused() {
    assertThatThrownBy(
            () ->
                create(
                    Map.of("task", "caption"),
                    List.of(image()),
                    List.of(Column.physical("caption", DataTypes.STRING().notNull()))))
        .hasMessageContaining("found caption STRING NOT NULL");
  }

  @Test
  void outputWithoutThePrediction_isRefused() {
    assertThatThrownBy(
            () -> create(Map.of("task", "caption"), List.of(image()), List.of(text("rejection"))))
        .hasMessageContaining(
            "OUTPUT: expected one of [caption STRING], found [rejection]; add it");
  }

  @Test
  void wrongPolicy_saysWhatIsWrong() {
    assertThatThrownBy(
            () ->
                create(
                    Map.of("task", "verdict", "policy", "{\"id\": \"p\"}"),
                    List.of(image()),
                    List.of(text("label"))))
        .hasMessageContaining("policy file in the option: expected a field 'version', found none");
  }

  @Test
  void unknownOption_isRefusedByFlink() {
    assertThatThrownBy(
            () ->
                create(
                    Map.of("task", "caption", "sluice.capacity", "3"),
                    List.of(image()),
                    List.of(text("caption"))))
        .isInstanceOf(ValidationException.class)
        .hasMessageContaining("sluice.capacity");
  }

  private void create(Map<String, String> with, List<Column> input, List<Column> output) {
    Map<String, String> options = new HashMap<>(with);
    options.put("provider", "sluice");
    options.put("model-dir", "/models/any");
    assertThat(
            new SluiceModelProviderFactory()
                .createModelProvider(new Declared(options, input, output, session)))
        .isInstanceOf(AsyncPredictRuntimeProvider.class);
  }

  private static Column image() {
    return Column.physical("image", DataTypes.BYTES().notNull());
  }

  private static Column text(String name) {
    return Column.physical(name, DataTypes.STRING());
  }

  /** What Flink hands over of a CREATE MODEL. */
  private record Declared(
      Map<String, String> options, List<Column> input, List<Column> output, ReadableConfig session)
      implements ModelProviderFactory.Context {
    @Override
    public ObjectIdentifier getObjectIdentifier() {
      return ObjectIdentifier.of("cat", "db", "m");
    }

    @Override
    public ResolvedCatalogModel getCatalogModel() {
      return ResolvedCatalogModel.of(
          CatalogModel.of(schema(input), schema(output), options, null),
          ResolvedSchema.of(input),
          ResolvedSchema.of(output));
    }

    @Override
    public ReadableConfig getConfiguration() {
      return session;
    }

    @Override
    public ClassLoader getClassLoader() {
      return getClass().getClassLoader();
    }

    @Override
    public boolean isTemporary() {
      return true;
    }

    private static Schema schema(List<Column> columns) {
      return Schema.newBuilder()
          .fromFields(
              columns.stream().map(Column::getName).toList(),
              columns.stream().<DataType>map(Column::getDataType).toList())
          .build();
    }
  }
}
