package dev.sluice.benchmarks.memory;

import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.models.ImageCosts;
import dev.sluice.models.LabelScorer;
import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.VisualEncoder;
import dev.sluice.models.image.PictureSlicer;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.operators.ModelLoader;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.configuration.ReadableConfig;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * The embedded model on a processor that has room for so many bytes of tiles in one batch, and no
 * more from some picture on. Beyond that libtorch is made to run out of memory, so that the error
 * is its own. It stands for a CUDA device, which is not to be had everywhere. Thread-safe; found by
 * name, since loaders travel serialized.
 */
final class LimitedDevice {
  /** What a tile is said to take. */
  static final long TILE_BYTES = 1 << 20;

  /** More than any address space has. */
  private static final long IMPOSSIBLE_BYTES = 1L << 50;

  private static final Map<String, LimitedDevice> BY_NAME = new ConcurrentHashMap<>();

  private final String name;
  private final List<Integer> batches = new ArrayList<>();
  private long limitBytes = Long.MAX_VALUE;
  private long laterLimitBytes = Long.MAX_VALUE;
  private int picturesBefore = Integer.MAX_VALUE;
  private int pictures;
  private int failures;

  private LimitedDevice(String name) {
    this.name = name;
  }

  static LimitedDevice named(String name) {
    LimitedDevice device = new LimitedDevice(name);
    BY_NAME.put(name, device);
    return device;
  }

  /** Has only so much room once so many pictures have been encoded. */
  synchronized LimitedDevice lowerAfter(int encodedPictures, long bytes) {
    picturesBefore = encodedPictures;
    laterLimitBytes = bytes;
    return this;
  }

  ModelRef model(ReadableConfig options) {
    return ModelRef.of(EmbeddedModel.directory().toString(), ModelOptions.from(options))
        .loadedBy(new Loader(name));
  }

  /** How often it has run out. */
  synchronized int failures() {
    return failures;
  }

  /** Tiles of each batch that it had room for. */
  synchronized List<Integer> batches() {
    return List.copyOf(batches);
  }

  private synchronized boolean hasRoomFor(List<SlicedPicture> batch) {
    int tiles = batch.stream().mapToInt(picture -> picture.plan().tileCount()).sum();
    if (pictures >= picturesBefore) {
      limitBytes = laterLimitBytes;
    }
    if (tiles * TILE_BYTES > limitBytes) {
      failures++;
      return false;
    }
    pictures += batch.size();
    batches.add(tiles);
    return true;
  }

  private static void runOut() {
    try (Tensor tooMuch = torch.empty(IMPOSSIBLE_BYTES)) {
      throw new AssertionError("expected no room, found " + tooMuch.nbytes() + " bytes");
    }
  }

  private record Loader(String name) implements ModelLoader {
    @Override
    public VisionLanguageModel load(ModelRef model, MemoryLedger ledger) throws IOException {
      LimitedDevice device = BY_NAME.get(name);
      if (device == null) {
        throw new IllegalStateException("no limited device '" + name + "'");
      }
      return new LimitedModel(device, engine(model).load(engineRef(model), ledger));
    }

    @Override
    public ImageCosts costs(ModelRef model) throws IOException {
      return engine(model).costs(engineRef(model));
    }

    @Override
    public long deviceBytes(String device) {
      return ModelRef.of("").loader().deviceBytes(device);
    }

    private static ModelLoader engine(ModelRef model) {
      return engineRef(model).loader();
    }

    private static ModelRef engineRef(ModelRef model) {
      return ModelRef.of(model.path(), model.options());
    }
  }

  private record LimitedModel(LimitedDevice device, VisionLanguageModel model)
      implements VisionLanguageModel {
    @Override
    public VisualEncoder encoder() {
      return pictures -> {
        if (!device.hasRoomFor(pictures)) {
          runOut();
        }
        return model.encoder().encode(pictures);
      };
    }

    @Override
    public ModelInfo info() {
      return model.info();
    }

    @Override
    public PictureSlicer slicer() {
      return model.slicer();
    }

    @Override
    public Prompt captionPrompt() {
      return model.captionPrompt();
    }

    @Override
    public ImageCosts costs() {
      return model.costs();
    }

    @Override
    public ModelArithmetic arithmetic() {
      return model.arithmetic();
    }

    @Override
    public Optional<TextGenerator> generator() {
      return model.generator();
    }

    @Override
    public Optional<LabelScorer> scorer() {
      return model.scorer();
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
