package dev.sluice.operators.fetch;

import dev.sluice.serde.Picture;
import java.util.Objects;

/**
 * A picture that was fetched. Immutable.
 *
 * @param bytes the encoded file; shared, not copied
 * @param sha256 of the bytes, lower-case hex
 */
@SuppressWarnings("ArrayRecordComponent") // as in Picture; never compared
public record FetchedPicture(byte[] bytes, String sha256) {

  /** The same reference, now with what was found there: fetched again it must be the same. */
  public Picture pinned(Picture reference) {
    return Picture.ofUri(
        Objects.requireNonNull(reference.uri(), "uri"),
        sha256,
        bytes.length,
        reference.mediaType());
  }
}
