package dev.sluice.operators.reuse;

import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import java.util.Locale;
import java.util.Optional;

/**
 * What makes two results the same: the picture by full hash and length, and all else that bears on
 * the result. Immutable.
 *
 * @param pictureSha256 of the encoded file, lower-case hex
 * @param pictureBytes length of the encoded file
 * @param question digest of model, options, prompt or policy, and of how the picture is cut
 */
public record ResultKey(String pictureSha256, long pictureBytes, String question) {

  /**
   * Of an event whose picture has been read and compared with what its sender declared.
   *
   * @return nothing where its hash was not kept
   */
  public static Optional<ResultKey> of(ImageEvent event, String question) {
    Picture picture = event.picture();
    String sha256 = picture.sha256();
    return sha256 == null || picture.byteLength() < 0
        ? Optional.empty()
        : Optional.of(
            new ResultKey(sha256.toLowerCase(Locale.ROOT), picture.byteLength(), question));
  }
}
