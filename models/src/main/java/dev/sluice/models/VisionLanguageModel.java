package dev.sluice.models;

import dev.sluice.models.image.PictureSlicer;
import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.Prompt;
import java.util.Optional;

/**
 * A loaded model and its capabilities. Loaded, used and closed by the device thread, except {@link
 * #slicer()}, which any thread may use.
 */
public interface VisionLanguageModel extends AutoCloseable {
  ModelInfo info();

  /** Reads and cuts pictures as this model wants them; thread-safe, holds no native memory. */
  PictureSlicer slicer();

  /** What it is asked for a caption where nobody says otherwise. */
  Prompt captionPrompt();

  /** What one picture needs, in bytes. */
  ImageCosts costs();

  /** What a picture and a token take to compute. */
  ModelArithmetic arithmetic();

  VisualEncoder encoder();

  /** Empty where the family cannot write text. */
  Optional<TextGenerator> generator();

  /** Empty where the family cannot score labels. */
  Optional<LabelScorer> scorer();

  /** Empty where the family cannot show its stages. */
  default Optional<Traceable> traceable() {
    return Optional.empty();
  }

  /** Releases weights, the key-value pool and their leases. */
  @Override
  void close();
}
