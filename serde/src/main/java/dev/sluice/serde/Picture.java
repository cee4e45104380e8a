package dev.sluice.serde;

import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * The encoded picture of an event: its bytes, or where to fetch them (claim check). Immutable.
 *
 * <p>{@link #toString()} never shows the bytes.
 */
@PublicEvolving
public final class Picture {
  private final byte @Nullable [] bytes;
  private final @Nullable String uri;
  private final @Nullable String sha256;
  private final long byteLength;
  private final @Nullable String mediaType;

  /** As a string its hash: computed where it is first asked for, the same by any thread. */
  private transient volatile @Nullable String contentSha256;

  private Picture(
      byte @Nullable [] bytes,
      @Nullable String uri,
      @Nullable String sha256,
      long byteLength,
      @Nullable String mediaType) {
    this.bytes = bytes;
    this.uri = uri;
    this.sha256 = sha256;
    this.byteLength = byteLength;
    this.mediaType = mediaType;
  }

  /** A picture that travels with its event; the array is shared, not copied. */
  public static Picture ofBytes(byte[] bytes, @Nullable String mediaType) {
    return new Picture(bytes, null, null, bytes.length, mediaType);
  }

  /** As {@link #ofBytes(byte[], String)} with the hash that the sender declared. */
  public static Picture ofBytes(byte[] bytes, @Nullable String mediaType, @Nullable String sha256) {
    return new Picture(bytes, null, sha256, bytes.length, mediaType);
  }

  /** The same picture with its hash, as found. */
  public Picture withSha256(String found) {
    Picture same = new Picture(bytes, uri, found, byteLength, mediaType);
    same.contentSha256 = contentSha256;
    return same;
  }

  /**
   * A picture to fetch.
   *
   * @param sha256 lower-case hex, or null where the sender gave none
   * @param byteLength as declared, -1 where unknown
   */
  public static Picture ofUri(
      String uri, @Nullable String sha256, long byteLength, @Nullable String mediaType) {
    return new Picture(null, Objects.requireNonNull(uri), sha256, byteLength, mediaType);
  }

  /** The encoded file, or null for a claim check; shared, not copied. */
  public byte @Nullable [] bytes() {
    return bytes;
  }

  public @Nullable String uri() {
    return uri;
  }

  public @Nullable String sha256() {
    return sha256;
  }

  /**
   * SHA-256 of the bytes where they are here, otherwise as declared or pinned: lower-case hex, null
   * where nothing is known. Computed once.
   */
  public @Nullable String contentSha256() {
    if (bytes == null) {
      return sha256;
    }
    String known = contentSha256;
    if (known == null) {
      known = Sha256.hexOf(bytes);
      contentSha256 = known;
    }
    return known;
  }

  /** Bytes of the encoded file, -1 where unknown. */
  public long byteLength() {
    return byteLength;
  }

  /** As declared, for example {@code image/png}. */
  public @Nullable String mediaType() {
    return mediaType;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Picture that
        && Arrays.equals(bytes, that.bytes)
        && Objects.equals(uri, that.uri)
        && Objects.equals(sha256, that.sha256)
        && byteLength == that.byteLength
        && Objects.equals(mediaType, that.mediaType);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(bytes), uri, sha256, byteLength, mediaType);
  }

  @Override
  public String toString() {
    return "Picture["
        + (uri == null ? "inline" : "by reference")
        + ", "
        + byteLength
        + " bytes, "
        + mediaType
        + "]";
  }
}
