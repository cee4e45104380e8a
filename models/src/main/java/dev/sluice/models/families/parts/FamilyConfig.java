package dev.sluice.models.families.parts;

import dev.sluice.models.Capability;
import dev.sluice.models.ImageCosts;
import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.value.Dtype;
import java.util.Set;

/** What every family reads from a folder's configuration. Immutable. */
public interface FamilyConfig {

  /** The folder's own version, or its name. */
  String revision();

  /** What a model of this folder can do. */
  Set<Capability> capabilities();

  /** What is asked for a caption where nobody says otherwise. */
  default String captionPrompt() {
    return "Describe the picture.";
  }

  /** Device memory that one position of a running text holds; 0 where no text runs. */
  long kvBytesPerToken(Dtype dtype);

  /** What one picture needs at the most. */
  ImageCosts costs(Dtype dtype);

  /** What a picture and a token take to compute. */
  ModelArithmetic arithmetic();
}
