package dev.sluice.models;

import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.VisualTokens;
import java.util.List;

/** Turns sliced pictures into visual tokens. Owned by the device thread. */
public interface VisualEncoder {

  /**
   * Encodes and resamples the tiles of many pictures in one device batch.
   *
   * @return one result per picture, in order; the same numbers as one by one
   */
  List<VisualTokens> encode(List<SlicedPicture> pictures);
}
