package dev.sluice.models.families.parts;

import dev.sluice.models.language.TextEncoder;
import dev.sluice.models.language.TextEncoderConfig;
import dev.sluice.models.layers.EncoderLayer;
import dev.sluice.models.layers.Linear;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * From words to the features that pictures are compared with. Owned by the device thread.
 *
 * @param longest tokens of the longest text; of a longer one the beginning is kept, and its end
 *     token
 */
public record TextTower(
    TextCodec codec, int longest, Reader reader, TextEncoder encoder, Linear projection) {
  /** Bounds the memory of a pass; its texts run together. */
  private static final int TEXTS_PER_PASS = 8;

  /** How a family pads and pools a text. */
  @FunctionalInterface
  public interface Reader {
    /** {@code eos_token_id} of the first CLIP folders. */
    int WRONG_END_TOKEN = 2;

    /**
     * @param ids with the tokenizer's special tokens, not too long
     */
    TextEncoder.Text read(List<Integer> ids);

    /**
     * Pooled at the first end token: CLIP. The end token of 2 that the first folders name is wrong;
     * theirs is the largest id.
     */
    static Reader clip(int endToken) {
      return ids -> {
        int end = endToken == WRONG_END_TOKEN ? Collections.max(ids) : endToken;
        return new TextEncoder.Text(ids, Math.max(0, ids.indexOf(end)));
      };
    }

    /** Padded to a length, pads like words, and pooled at the last position: SigLIP. */
    static Reader siglip(int padToken, int length) {
      return ids -> {
        List<Integer> padded = new ArrayList<>(ids);
        padded.addAll(Collections.nCopies(length - ids.size(), padToken));
        return new TextEncoder.Text(padded, length - 1);
      };
    }
  }

  /** What one pass of texts needs; it is counted with every picture, though it runs rarely. */
  public static PictureCosts.Text costs(TextEncoderConfig text, int features) {
    EncoderLayer.Sizes sizes = text.layerSizes();
    long row = 10L * sizes.width() + 2L * sizes.intermediate();
    return new PictureCosts.Text(1, features, TEXTS_PER_PASS * text.maxPositions(), row, 0);
  }

  /**
   * @param texts at least one
   * @return [L, E], not normalised
   */
  public Tensor embed(List<String> texts) {
    TensorVector passes = new TensorVector();
    for (int from = 0; from < texts.size(); from += TEXTS_PER_PASS) {
      int end = Math.min(texts.size(), from + TEXTS_PER_PASS);
      List<TextEncoder.Text> pass = texts.subList(from, end).stream().map(this::read).toList();
      passes.push_back(projection.apply(encoder.apply(pass)));
    }
    return torch.cat(passes, 0);
  }

  /** A text as the tower reads it. */
  TextEncoder.Text read(String text) {
    return reader.read(codec.encodeWithSpecialTokens(text, longest));
  }
}
