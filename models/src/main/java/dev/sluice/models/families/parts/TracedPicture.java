package dev.sluice.models.families.parts;

import dev.sluice.models.value.SlicedPicture;
import dev.sluice.models.value.TracePrompt;
import dev.sluice.models.value.VisualTokens;
import java.util.List;
import java.util.function.Supplier;

/**
 * The way of one picture to its visual tokens, every stage recorded. Owned by the device thread.
 */
@FunctionalInterface
public interface TracedPicture {
  /** The stage that shows the tower's last layer. */
  String LAST_HIDDEN = "vision_last_hidden";

  /**
   * @param prompt matters where the picture is read under an instruction
   */
  VisualTokens tokens(SlicedPicture picture, TracePrompt prompt, TraceRecorder recorder);

  /** A picture that is encoded whatever is asked. */
  static TracedPicture of(TileEncoder encoder) {
    return (picture, prompt, recorder) -> encode(encoder, picture, recorder::tile);
  }

  /**
   * Where the reference shows the tower's last layer and the model stops before it.
   *
   * @param wholeTower makes an encoder that runs all layers
   */
  static TracedPicture of(TileEncoder encoder, Supplier<TileEncoder> wholeTower) {
    return (picture, prompt, recorder) -> {
      VisualTokens tokens = encode(encoder, picture, recorder::tile);
      encode(wholeTower.get(), picture, only(LAST_HIDDEN, recorder::tile));
      return tokens;
    };
  }

  /** A picture that is read under the prompt's instruction. */
  static TracedPicture instructed(
      TileEncoder tower, PrefixedPrompts prompts, InstructedTokens tokens) {
    return (picture, prompt, recorder) ->
        tokens
            .apply(
                List.of(encode(tower, picture, recorder::tile)),
                List.of(prompts.text(prompt)),
                (stage, batch) -> recorder.tile(stage, 0, batch.select(0, 0)))
            .get(0);
  }

  private static VisualTokens encode(
      TileEncoder encoder, SlicedPicture picture, TileEncoder.Observer observer) {
    return encoder.encode(List.of(picture), observer).get(0);
  }

  private static TileEncoder.Observer only(String wanted, TileEncoder.Observer observer) {
    return (stage, tile, tensor) -> {
      if (stage.equals(wanted)) {
        observer.stage(stage, tile, tensor);
      }
    };
  }
}
