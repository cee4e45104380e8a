package dev.sluice.jobs.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.ModelDescription;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TokenRules;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.List;

/** A loaded model's steps, each by itself. Used by the thread that owns the model. */
final class ModelBench {
  private final BenchSettings settings;
  private final ModelDescription description;
  private final Machine machine;
  private final int threads;
  private final VisionLanguageModel model;

  /**
   * @param threads of one operation
   */
  ModelBench(
      BenchSettings settings,
      ModelDescription description,
      Machine machine,
      int threads,
      VisionLanguageModel model) {
    this.settings = settings;
    this.description = description;
    this.machine = machine;
    this.threads = threads;
    this.model = model;
  }

  ObjectNode slice(List<byte[]> files) throws Exception {
    List<RgbImage> pictures = read(files);
    Passes passes =
        Passes.run(
            settings.repeats(),
            () -> {
              for (byte[] file : files) {
                model.slicer().slice(file);
              }
            });
    long pixels = pictures.stream().mapToLong(picture -> picture.size().pixels()).sum();
    ObjectNode line = rates(line(Scenario.SLICE, 1), passes, files.size());
    return line.put("megapixelsPerSecond", BenchLine.rounded(pixels / passes.median() / 1e6));
  }

  ObjectNode encode(List<byte[]> files, int batch) throws Exception {
    List<SlicedPicture> pictures = sliced(read(files));
    Engine engine = engine(batch);
    Passes passes = Passes.run(settings.repeats(), () -> engine.encode(pictures));
    double operations =
        pictures.stream()
            .mapToDouble(picture -> description.arithmetic().encodeOperations(picture.plan()))
            .sum();
    double tiles = pictures.stream().mapToInt(picture -> picture.plan().tileCount()).sum();
    double speed = operations / passes.median();
    return rates(line(Scenario.ENCODE, batch), passes, files.size())
        .put("tilesPerSecond", BenchLine.rounded(tiles / passes.median()))
        .put("gigaflopsPerSecond", BenchLine.rounded(speed / 1e9))
        .put(
            "shareOfPeak",
            BenchLine.rounded(speed / machine.operationsPerSecond(description.dtype())));
  }

  /**
   * The median of the later half of the steps, in which every prompt is done and no text is: from
   * it, tokens and what the step reads at the least.
   */
  ObjectNode decode(List<byte[]> files, int batch) throws Exception {
    Engine engine = engine(batch);
    List<VisualTokens> pictures = engine.encode(sliced(read(files.subList(0, batch))));
    engine.generate(pictures, new ArrayList<>());
    List<Double> later = new ArrayList<>();
    for (int i = 0; i < settings.repeats(); i++) {
      List<Double> steps = new ArrayList<>();
      engine.generate(pictures, steps);
      later.addAll(steps.subList(steps.size() / 2, steps.size()));
    }
    double seconds = Passes.of(later.stream().mapToDouble(Double::doubleValue)).median();
    double positions =
        pictures.stream().mapToInt(VisualTokens::rows).average().orElseThrow()
            + 0.75 * settings.newTokens();
    double speed =
        description.arithmetic().text().stepBytes(description.dtype(), batch, positions) / seconds;
    return line(Scenario.DECODE, batch)
        .put("newTokens", settings.newTokens())
        .put("tokensPerSecond", BenchLine.rounded(batch / seconds))
        .put("stepMillis", BenchLine.rounded(seconds * 1e3))
        .put("readGigabytesPerSecond", BenchLine.rounded(speed / 1e9))
        .put("shareOfBandwidth", BenchLine.rounded(speed / machine.readBytesPerSecond()));
  }

  ObjectNode caption(List<byte[]> files, int batch) throws Exception {
    List<RgbImage> pictures = read(files);
    List<SlicedPicture> sliced = sliced(pictures);
    Passes slicing = Passes.run(settings.repeats(), () -> sliced(pictures));
    Engine engine = engine(batch);
    List<GeneratedText> texts = engine.caption(sliced);
    Passes passes = Passes.run(settings.repeats(), () -> engine.caption(sliced));
    int tokens = texts.stream().mapToInt(text -> text.tokenIds().size()).sum();
    double both = slicing.median() + passes.median();
    ObjectNode line =
        rates(line(Scenario.CAPTION, batch), passes, files.size())
            .put("endToEndPerSecond", BenchLine.rounded(files.size() / both))
            .put("newTokens", BenchLine.rounded((double) tokens / files.size()))
            .put("tokensPerSecond", BenchLine.rounded(tokens / passes.median()));
    ArrayNode ids = line.putArray("firstIds");
    texts.get(0).tokenIds().forEach(ids::add);
    return line;
  }

  /**
   * From files to texts as the operators write them, without Flink: what the stream is held
   * against.
   */
  ObjectNode engineLoop(List<byte[]> files, int batch) throws Exception {
    Engine engine = new Engine(model, batch, GenerationOptions.greedy(settings.newTokens()));
    Passes passes = Passes.run(settings.repeats(), () -> engine.caption(sliced(read(files))));
    return line(Scenario.STREAM, batch)
        .put("pictures", files.size())
        .put("repeats", settings.repeats())
        .put("engineImagesPerSecond", BenchLine.rounded(files.size() / passes.median()));
  }

  private ObjectNode line(Scenario scenario, int batch) {
    return BenchLine.of(scenario)
        .put("model", description.revision())
        .put("dtype", description.dtype().label())
        .put("batch", batch)
        .put("threads", scenario == Scenario.SLICE ? 1 : threads);
  }

  private ObjectNode rates(ObjectNode line, Passes passes, int pictures) {
    return line.put("pictures", pictures)
        .put("repeats", settings.repeats())
        .put("imagesPerSecond", BenchLine.rounded(pictures / passes.median()))
        .put("bestImagesPerSecond", BenchLine.rounded(pictures / passes.best()));
  }

  /** The model alone decides, as with the reference it is held against. */
  private Engine engine(int batch) {
    return new Engine(
        model, batch, GenerationOptions.greedy(settings.newTokens()).withRules(TokenRules.NONE));
  }

  private List<RgbImage> read(List<byte[]> files) throws PictureRejectedException {
    List<RgbImage> pictures = new ArrayList<>();
    for (byte[] file : files) {
      pictures.add(model.slicer().read(file));
    }
    return pictures;
  }

  private List<SlicedPicture> sliced(List<RgbImage> pictures) throws PictureRejectedException {
    List<SlicedPicture> sliced = new ArrayList<>();
    for (RgbImage picture : pictures) {
      sliced.add(model.slicer().slice(picture));
    }
    return sliced;
  }
}
