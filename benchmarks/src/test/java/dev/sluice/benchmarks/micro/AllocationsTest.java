package dev.sluice.benchmarks.micro;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.Models;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.image.ImageReader;
import dev.sluice.models.image.ImageSlicer;
import dev.sluice.models.image.SliceStrategy;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.flink.RecordTypes;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/**
 * Java memory that hot paths allocate, which is counted, not timed. A bound that no longer holds is
 * a copy of a picture, or native calls for each token, that somebody has added.
 */
class AllocationsTest {
  private static final int CALLS = 5;
  private static final int KIB = 1024;
  private static final int ROWS = 4 * KIB * KIB; // less than a copy of the picture would add

  /** Every native tensor has a small Java object: a step of this model makes some 350. */
  private static final int STEP = 64 * KIB;

  private static final byte[] FILE =
      ScenePicture.of(1, 0, 1280, 960, new StandardPictureEncoder()).file().bytes();

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void slicing_allocatesThePictureOnceItsTilesTwiceAndAFewRows() throws Exception {
    ImageSlicer slicer = new ImageSlicer(new ImageReader(), SliceStrategy.LLAVA_UHD.planner());
    SlicedPicture sliced = slicer.slice(FILE);
    List<RgbImage> tiles = new ArrayList<>(sliced.slices());
    tiles.add(sliced.overview());
    long pixels = 3L * 1280 * 960;
    long cut = tiles.stream().mapToLong(tile -> tile.rgb().length).sum();

    long allocated = leastAllocated(() -> slicer.slice(FILE));
    assertThat(allocated).isBetween(pixels + cut, pixels + 2 * cut + ROWS);
  }

  @Test
  void event_isReadWithOneCopyOfItsPictureAndWrittenWithNone() throws Exception {
    var serializer = RecordTypes.IMAGE_EVENT.createSerializer();
    DataOutputSerializer out = new DataOutputSerializer(2 * FILE.length);
    DataInputDeserializer in = new DataInputDeserializer();
    ImageEvent event =
        ImageEvent.of(EventIdentity.of("event", Instant.EPOCH), Picture.ofBytes(FILE, null));

    long written =
        leastAllocated(
            () -> {
              out.clear();
              serializer.serialize(event, out);
              return out;
            });
    byte[] bytes = out.getCopyOfBuffer();
    long read =
        leastAllocated(
            () -> {
              in.setBuffer(bytes);
              return serializer.deserialize(in);
            });

    assertThat(written).isLessThan(KIB);
    assertThat(read).isBetween((long) FILE.length, FILE.length + 2L * KIB);
  }

  @Test
  void step_makesAsManyNativeCallsForEightTextsAsForOne() throws Exception {
    try (VisionLanguageModel model =
        Models.load(
            EmbeddedModel.directory(), LoadOptions.DEFAULTS, new MemoryLedger("cpu", 4L << 30))) {
      VisualTokens tokens = model.encoder().encode(List.of(model.slicer().slice(FILE))).get(0);
      long one = perStep(model, List.of(tokens));
      long eight = perStep(model, Collections.nCopies(8, tokens));

      assertThat(one).isBetween(1L * KIB, (long) STEP);
      assertThat(eight).isLessThan(one * 5 / 4);
    }
  }

  private long perStep(VisionLanguageModel model, List<VisualTokens> pictures) throws Exception {
    TextGenerator generator = model.generator().orElseThrow();
    List<GeneratedText> texts = new ArrayList<>();
    for (VisualTokens tokens : pictures) {
      generator.submit(
          new TextGenerator.Request(
              tokens, model.captionPrompt(), GenerationOptions.greedy(2 * CALLS)),
          texts::add);
    }
    long least =
        leastAllocated(
            () -> {
              generator.step();
              return generator;
            });
    while (generator.hasWork()) {
      generator.step();
    }
    return least;
  }

  /**
   * The least of several calls: the JIT compiler and the measuring itself now and then add to one.
   */
  private long leastAllocated(Callable<?> work) throws Exception {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < CALLS; i++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      work.call();
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
    }
    return least;
  }
}
