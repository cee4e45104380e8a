package dev.sluice.operators.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.operators.FakeDevice;
import dev.sluice.operators.FakeModel;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.decode.CaptionStage;
import dev.sluice.operators.decode.JudgeStage;
import dev.sluice.operators.sql.SqlOptions.OnRejection;
import dev.sluice.serde.ModerationPolicy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class VisionPredictFunctionTest {
  private static final SqlColumns CAPTIONS =
      new SqlColumns(0, 1, false, List.of("caption", "rejection"));
  private static final SqlColumns VERDICTS =
      new SqlColumns(0, SqlColumns.NONE, false, List.of("decision", "score", "label"));
  private static final ModerationPolicy POLICY =
      new ModerationPolicy(
          "p",
          "1",
          "which?",
          List.of("no", "cat", "dog"),
          "no",
          List.of(
              new ModerationPolicy.Label("a-dog", "dog", 0.5, 0.8),
              new ModerationPolicy.Label("a-cat", "cat", 0.5, 0.8)));

  private FakeDevice device;

  @BeforeEach
  void nameDevice(TestInfo test) {
    device = FakeDevice.named(test.getDisplayName());
  }

  @Test
  void caption_usesTheRowsPrompt_otherwiseTheModelsOwn() throws Exception {
    try (Opened function = captioner(device.model(8), OnRejection.NULL)) {
      assertThat(function.predict(picture("cat"), StringData.fromString("who?")))
          .containsExactly("who? cat", null);
      assertThat(function.predict(picture("cat"), null)).containsExactly("describe: cat", null);
    }
  }

  @Test
  void verdict_isTheHighestLabelAndTheDecision() throws Exception {
    try (Opened function =
        open(
            device.model(8),
            Predictor.ofVerdict(new JudgeStage(List.of(POLICY))),
            VERDICTS,
            OnRejection.NULL)) {
      RowData row = function.ask(picture("cat")).get().iterator().next();

      assertThat(row.getString(0)).hasToString("BLOCK");
      assertThat(row.getDouble(1)).isEqualTo(0.9);
      assertThat(row.getString(2)).hasToString("a-cat");
    }
  }

  @Test
  void nullPicture_givesNulls() throws Exception {
    try (Opened function = captioner(device.model(8), OnRejection.FAIL)) {
      assertThat(function.predict(null, StringData.fromString("who?"))).containsOnlyNulls();
    }
  }

  @Test
  void unreadablePicture_givesNullsAndTheReason() throws Exception {
    try (Opened function = captioner(device.model(8), OnRejection.NULL)) {
      assertThat(function.predict(picture(FakeModel.Words.BROKEN), null))
          .containsExactly(null, "UNREADABLE_IMAGE: not a picture");
    }
  }

  @Test
  void unreadablePicture_failsWhereItIsAskedTo_withoutThePicture() throws Exception {
    try (Opened function = captioner(device.model(8), OnRejection.FAIL)) {
      assertThatThrownBy(() -> function.predict(picture(FakeModel.Words.BROKEN), null))
          .rootCause()
          .hasMessage(
              "model m: a picture cannot be processed: UNREADABLE_IMAGE: not a picture;"
                  + " 'on-rejection' = 'NULL' lets the job go on");
    }
  }

  @Test
  void brokenDevice_failsEitherWay() throws Exception {
    try (Opened function = captioner(device.model(8), OnRejection.NULL)) {
      assertThatThrownBy(() -> function.predict(picture(FakeModel.Words.FATAL), null))
          .hasMessageContaining("kernel failed")
          .hasMessageNotContaining("[102,");
    }
  }

  @Test
  void morePicturesThanTheBudgetHolds_waitForMemory_notOnTheTaskThread() throws Exception {
    device.shut();
    try (Opened function = captioner(device.model(1), OnRejection.NULL)) {
      List<CompletableFuture<Collection<RowData>>> asked = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        asked.add(function.ask(picture("cat" + i), null));
      }
      device.open(5);

      for (int i = 0; i < 5; i++) {
        assertThat(asked.get(i).get().iterator().next().getString(0))
            .hasToString("describe: cat" + i);
      }
      assertThat(device.encodeBatches()).containsOnly(1);
    }
  }

  @Test
  void closed_dropsWhatWaitsForMemory() throws Exception {
    device.shut();
    CompletableFuture<Collection<RowData>> waiting;
    try (Opened function = captioner(device.model(1), OnRejection.NULL)) {
      var unused = function.ask(picture("cat"), null);
      waiting = function.ask(picture("dog"), null);
    }
    device.open(1);

    assertThatThrownBy(waiting::get).hasRootCauseInstanceOf(CancellationException.class);
  }

  private static Opened captioner(ModelRef model, OnRejection onRejection) throws Exception {
    return open(
        model,
        Predictor.ofText(new CaptionStage(null, VisionOptions.DEFAULTS.text()), "caption"),
        CAPTIONS,
        onRejection);
  }

  private static Opened open(
      ModelRef model, Predictor<?> predictor, SqlColumns columns, OnRejection onRejection)
      throws Exception {
    VisionPredictFunction planned =
        new VisionPredictFunction(
            new VisionPredictFunction.Settings<>("m", model, predictor, columns, onRejection));
    // As it travels to the TaskManager.
    VisionPredictFunction function = InstantiationUtil.clone(planned);
    function.open(UnregisteredMetricGroups.createUnregisteredOperatorMetricGroup());
    return new Opened(function);
  }

  private static byte[] picture(String word) {
    return word.getBytes(StandardCharsets.UTF_8);
  }

  /** A function as the generated code calls it. */
  private record Opened(VisionPredictFunction function) implements AutoCloseable {
    CompletableFuture<Collection<RowData>> ask(Object... row) {
      CompletableFuture<Collection<RowData>> result = new CompletableFuture<>();
      function.eval(result, row);
      return result;
    }

    /** The two columns of a caption. */
    List<String> predict(Object... row) throws Exception {
      Collection<RowData> rows = ask(row).get();
      assertThat(rows).hasSize(1);
      GenericRowData only = (GenericRowData) rows.iterator().next();
      List<String> values = new ArrayList<>();
      for (int i = 0; i < only.getArity(); i++) {
        values.add(only.isNullAt(i) ? null : only.getString(i).toString());
      }
      return values;
    }

    @Override
    public void close() throws Exception {
      function.close();
    }
  }
}
