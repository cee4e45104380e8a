package dev.sluice.jobs.bench;

import dev.sluice.models.TextGenerator;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.value.GeneratedText;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A model in batches of one size, without Flink. Used by the thread that owns the model. */
final class Engine {
  private final VisionLanguageModel model;
  private final int batch;
  private final GenerationOptions options;

  Engine(VisionLanguageModel model, int batch, GenerationOptions options) {
    this.model = model;
    this.batch = batch;
    this.options = options;
  }

  /** The tokens of every picture, in order. */
  List<VisualTokens> encode(List<SlicedPicture> pictures) {
    List<VisualTokens> tokens = new ArrayList<>();
    for (List<SlicedPicture> chunk : chunks(pictures)) {
      tokens.addAll(model.encoder().encode(chunk));
    }
    return tokens;
  }

  /** A text for every picture, in order. */
  List<GeneratedText> caption(List<SlicedPicture> pictures) {
    List<GeneratedText> texts = new ArrayList<>();
    for (List<SlicedPicture> chunk : chunks(pictures)) {
      texts.addAll(generate(model.encoder().encode(chunk), new ArrayList<>()));
    }
    return texts;
  }

  /**
   * A text for every picture of one batch, in order.
   *
   * @param stepSeconds takes what each step took
   */
  List<GeneratedText> generate(List<VisualTokens> pictures, List<Double> stepSeconds) {
    TextGenerator generator = model.generator().orElseThrow();
    List<GeneratedText> texts = new ArrayList<>(Collections.nCopies(pictures.size(), null));
    for (int i = 0; i < pictures.size(); i++) {
      int number = i;
      generator.submit(
          new TextGenerator.Request(pictures.get(i), model.captionPrompt(), options),
          text -> texts.set(number, text));
    }
    while (generator.hasWork()) {
      long start = System.nanoTime();
      generator.step();
      stepSeconds.add((System.nanoTime() - start) / 1e9);
    }
    return texts;
  }

  private <T> List<List<T>> chunks(List<T> all) {
    List<List<T>> chunks = new ArrayList<>();
    for (int start = 0; start < all.size(); start += batch) {
      chunks.add(all.subList(start, Math.min(start + batch, all.size())));
    }
    return chunks;
  }
}
