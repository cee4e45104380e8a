package dev.sluice.operators.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.operators.FakeDevice;
import dev.sluice.operators.FakeModel;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Rejection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class DeviceRuntimeTest {
  private FakeDevice device;

  @BeforeEach
  void nameDevice(TestInfo test) {
    device = FakeDevice.named(test.getTestMethod().orElseThrow().getName());
  }

  @AfterEach
  void threadsEnd() {
    await().until(() -> device.threads().isEmpty());
  }

  @Test
  void twoUsers_shareOneLoadedModel() throws Exception {
    ModelRef model = device.model(9);
    try (DeviceRuntime one = DeviceRuntime.of(model);
        DeviceRuntime two = DeviceRuntime.of(model)) {
      assertThat(one).isSameAs(two);
      ModelHandle first = one.acquire(model);
      ModelHandle second = two.acquire(model);
      assertThat(device.loads()).isEqualTo(1);
      assertThat(one.ledger().bytesByLabel()).containsEntry("weights", FakeDevice.WEIGHT_BYTES);
      first.close();
      first.close();
      assertThat(encode(second, "cat").get().value().rows()).isEqualTo(3);
      second.close();
      await().until(() -> device.closes() == 1);
      assertThat(one.ledger().usedBytes()).isZero();
    }
  }

  @Test
  void modelThatDoesNotFit_failsToLoadAndDeviceLivesOn() throws Exception {
    ModelRef small =
        ModelRef.of(
                "/fake",
                ModelOptions.from(
                    new Configuration()
                        .set(ModelOptions.DEVICE, "tight")
                        .set(ModelOptions.MEMORY_BUDGET, "10 bytes")))
            .loadedBy(device.model(1).loader());
    try (DeviceRuntime runtime = DeviceRuntime.of(small)) {
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> runtime.acquire(small))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("model /fake on tight could not be loaded")
            .hasMessageContaining("no room for");
      }
    }
  }

  @Test
  void picturesOfSeveralSubmitters_meetInOneBatch() throws Exception {
    ModelRef model = device.model(99, batches(8, Duration.ofHours(1)));
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        ModelHandle one = runtime.acquire(model);
        ModelHandle two = runtime.acquire(model)) {
      List<CompletableFuture<Timed<VisualTokens>>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        results.add(encode(one, "cat"));
        results.add(encode(two, "horse"));
      }
      for (int i = 0; i < 8; i++) {
        assertThat(results.get(i).get().value().rows()).isEqualTo(i % 2 == 0 ? 3 : 5);
      }
      assertThat(device.encodeBatches()).containsExactly(8);
    }
  }

  @Test
  void batchNotFull_runsAfterLinger() throws Exception {
    ModelRef model = device.model(99, batches(8, Duration.ofMillis(1)));
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        ModelHandle handle = runtime.acquire(model)) {
      assertThat(encode(handle, "cat").get().value().rows()).isEqualTo(3);
    }
  }

  @Test
  void outOfMemory_halvesUntilItFits() throws Exception {
    device.mostPictures(2);
    ModelRef model = device.model(99, batches(8, Duration.ofHours(1)));
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        ModelHandle handle = runtime.acquire(model)) {
      List<CompletableFuture<Timed<VisualTokens>>> results =
          IntStream.range(0, 8).mapToObj(i -> encode(handle, "cat")).toList();
      for (CompletableFuture<Timed<VisualTokens>> result : results) {
        assertThat(result.get().value().rows()).isEqualTo(3);
      }
      assertThat(device.encodeBatches()).containsExactly(8, 4, 2, 2, 4, 2, 2);
    }
  }

  @Test
  void roomThatShrinksWhileRunning_correctsTheEstimateUntilItIsBack() throws Exception {
    ModelRef model = device.model(99, batches(8, Duration.ofHours(1)));
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        ModelHandle handle = runtime.acquire(model)) {
      encodeAll(handle, 8);
      assertThat(runtime.correction().factor()).isEqualTo(1);
      device.mostPictures(4);
      encodeAll(handle, 8);
      assertThat(device.encodeBatches()).containsExactly(8, 8, 4, 4);
      // The last picture is answered a moment before the estimate is corrected.
      await().until(() -> runtime.correction().factor() == 2);

      device.mostPictures(8);
      for (int size = 4; size < 7; size++) {
        encodeAll(handle, size); // full, as far as it is known what fits
      }
      for (int i = 0; i < BatchLimit.PATIENCE; i++) {
        encodeAll(handle, 7);
      }
      assertThat(runtime.correction().factor()).isEqualTo(1);
      encodeAll(handle, 8);
      assertThat(device.encodeBatches()).endsWith(7, 8);
    }
  }

  @Test
  void culprit_doesNotMakeTheNextBatchesSmaller() throws Exception {
    ModelRef model = device.model(99, batches(4, Duration.ofHours(1)));
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        ModelHandle handle = runtime.acquire(model)) {
      List<CompletableFuture<?>> results =
          List.of(
              encode(handle, "a"),
              encode(handle, FakeModel.Words.HUGE),
              encode(handle, "ccc"),
              encode(handle, "dddd"));
      assertThatThrownBy(() -> results.get(1).get()).isInstanceOf(ExecutionException.class);
      encodeAll(handle, 4);
      assertThat(device.encodeBatches()).containsExactly(4, 2, 1, 1, 2, 4);
      assertThat(runtime.correction().factor()).isEqualTo(1);
    }
  }

  @Test
  void culprit_isRejectedAloneAndNeighboursPass() throws Exception {
    ModelRef model = device.model(99, batches(4, Duration.ofHours(1)));
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        ModelHandle handle = runtime.acquire(model)) {
      List<CompletableFuture<Timed<VisualTokens>>> results =
          List.of(
              encode(handle, "a"),
              encode(handle, FakeModel.Words.HUGE),
              encode(handle, "ccc"),
              encode(handle, "dddd"));
      assertThat(results.get(0).get().value().rows()).isEqualTo(1);
      assertThat(results.get(2).get().value().rows()).isEqualTo(3);
      assertThat(results.get(3).get().value().rows()).isEqualTo(4);
      assertThatThrownBy(() -> results.get(1).get())
          .cause()
          .isInstanceOfSatisfying(
              ImageRejectedException.class,
              e -> assertThat(e.category()).isEqualTo(Rejection.Category.OUT_OF_MEMORY));
    }
  }

  @Test
  void otherFailure_failsItsBatchAndDeviceLivesOn() throws Exception {
    ModelRef model = device.model(99, batches(2, Duration.ofHours(1)));
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        ModelHandle handle = runtime.acquire(model)) {
      CompletableFuture<?> bad = encode(handle, FakeModel.Words.FATAL);
      CompletableFuture<?> neighbour = encode(handle, "cat");
      assertThatThrownBy(bad::get).hasRootCauseMessage("kernel failed");
      assertThatThrownBy(neighbour::get).isInstanceOf(ExecutionException.class);
      CompletableFuture<?> later = encode(handle, "cat");
      assertThat(encode(handle, "cat").get()).isNotNull();
      assertThat(later).isCompleted();
    }
  }

  @Test
  void generation_outOfMemory_runsFewerAtOnceAndLosesNone() throws Exception {
    device.mostSequences(3);
    ModelRef model = device.model(99);
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        ModelHandle handle = runtime.acquire(model)) {
      VisualTokens tokens = encode(handle, "cat").get().value();
      List<CompletableFuture<String>> texts = new ArrayList<>();
      device.shut(); // while this encodes, all requests arrive before the first step
      CompletableFuture<?> blocker = encode(handle, "dog");
      for (int i = 0; i < 20; i++) {
        texts.add(generate(handle, tokens, "p" + i, subject(0)).thenApply(text -> text.value()));
      }
      device.open(1);
      blocker.get();
      for (int i = 0; i < 20; i++) {
        assertThat(texts.get(i).get()).isEqualTo("p" + i + " cat");
      }
      assertThat(device.mostSequencesSeen()).isBetween(1, 3);
    }
  }

  @Test
  void generation_promptTooLong_isRejectedAlone() throws Exception {
    ModelRef model = device.model(99);
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        ModelHandle handle = runtime.acquire(model)) {
      VisualTokens tokens = encode(handle, "cat").get().value();
      CompletableFuture<?> bad = generate(handle, tokens, "too long", subject(0));
      assertThat(generate(handle, tokens, "p", subject(0)).get().value()).isEqualTo("p cat");
      assertThatThrownBy(bad::get)
          .cause()
          .isInstanceOfSatisfying(
              ImageRejectedException.class,
              e -> assertThat(e.category()).isEqualTo(Rejection.Category.TOO_LARGE));
    }
  }

  @Test
  void abandonedRequest_isDropped() throws Exception {
    ModelRef model = device.model(99);
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        ModelHandle handle = runtime.acquire(model)) {
      VisualTokens tokens = encode(handle, "cat").get().value();
      CompletableFuture<?> dropped = generate(handle, tokens, "p", subject(0, () -> true));
      generate(handle, tokens, "p", subject(0)).get();
      assertThat(dropped).isCompletedExceptionally();
    }
  }

  @Test
  void score_manyAtOnce_inOrder() throws Exception {
    ModelRef model = device.model(99);
    try (DeviceRuntime runtime = DeviceRuntime.of(model);
        ModelHandle handle = runtime.acquire(model)) {
      LabelQuestion question = new LabelQuestion(Prompt.of("?"), List.of("cat", "dog"));
      var cat =
          handle.score(
              new LabelScorer.Request(encode(handle, "cat").get().value(), question), subject(0));
      var dog =
          handle.score(
              new LabelScorer.Request(encode(handle, "dog").get().value(), question), subject(0));
      assertThat(cat.get().value().scores()).containsExactly(0.9, 0.1);
      assertThat(dog.get().value().scores()).containsExactly(0.1, 0.9);
    }
  }

  private static Subject subject(int priority) {
    return subject(priority, () -> false);
  }

  private static Subject subject(int priority, BooleanSupplier abandoned) {
    EventIdentity identity = EventIdentity.of("a", Instant.EPOCH);
    ImageEvent event =
        ImageEvent.of(identity, Picture.ofBytes(new byte[1], null))
            .with(new ImageRequest(null, null, Map.of(), priority, null, 0));
    return new Subject(event, abandoned);
  }

  private static Configuration batches(int tiles, Duration linger) {
    return new Configuration()
        .set(ModelOptions.ENCODE_MAX_TILES, tiles)
        .set(ModelOptions.ENCODE_LINGER, linger);
  }

  private static void encodeAll(ModelHandle handle, int pictures) throws Exception {
    List<CompletableFuture<Timed<VisualTokens>>> results =
        IntStream.range(0, pictures).mapToObj(i -> encode(handle, "cat")).toList();
    for (CompletableFuture<Timed<VisualTokens>> result : results) {
      assertThat(result.get().value().rows()).isEqualTo(3);
    }
  }

  private static CompletableFuture<Timed<VisualTokens>> encode(ModelHandle handle, String word) {
    try {
      SlicedPicture picture = handle.slicer().slice(word.getBytes(StandardCharsets.UTF_8));
      return handle.encode(picture, subject(0));
    } catch (PictureRejectedException e) {
      throw new AssertionError(e);
    }
  }

  private static CompletableFuture<Timed<String>> generate(
      ModelHandle handle, VisualTokens tokens, String prompt, Subject subject) {
    return handle
        .generate(
            new TextGenerator.Request(tokens, Prompt.of(prompt), GenerationOptions.greedy(5)),
            subject)
        .thenApply(timed -> new Timed<>(timed.value().text(), timed.nanos()));
  }
}
