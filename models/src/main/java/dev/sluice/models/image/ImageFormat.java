package dev.sluice.models.image;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The picture formats that are read, told apart by their first bytes. */
public enum ImageFormat {
  JPEG("image/jpeg"),
  PNG("image/png"),
  WEBP("image/webp");

  private final String mediaType;

  ImageFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  public String mediaType() {
    return mediaType;
  }

  /** As people write it. */
  public String label() {
    return this == WEBP ? "WebP" : name();
  }

  /** Whether a sender that declares this media type means this format. */
  boolean isDeclaredAs(String declared) {
    int parameters = declared.indexOf(';');
    String type = (parameters < 0 ? declared : declared.substring(0, parameters)).strip();
    type = type.toLowerCase(Locale.ROOT);
    return switch (type) {
      case "image/jpg", "image/pjpeg" -> this == JPEG;
      case "image/x-png" -> this == PNG;
      case "application/octet-stream", "image/*" -> true; // says nothing
      default -> type.equals(mediaType);
    };
  }

  /**
   * Refuses a picture that is something else than its sender says.
   *
   * @param mediaType null where nobody said
   * @throws PictureRejectedException also if it is no picture at all
   */
  static void requireDeclared(byte[] encoded, @Nullable String mediaType)
      throws PictureRejectedException {
    if (mediaType == null) {
      return;
    }
    Bytes file = new Bytes(encoded);
    ImageFormat format = detect(file).orElse(null);
    if (format != null && !format.isDeclaredAs(mediaType)) {
      throw ImageHeader.unsupported(
          "declared as %s, but a %s picture (%,d bytes)",
          printable(mediaType), format.label(), file.length());
    }
    if (format == null && detectUnread(file).isEmpty()) {
      throw ImageHeader.unreadable(
          "not an image (%,d bytes, declared %s)", file.length(), printable(mediaType));
    }
  }

  /** A sender's text, short and without control characters. */
  private static String printable(String text) {
    String shortened = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    return shortened.replaceAll("\\p{Cntrl}", "?");
  }

  static Optional<ImageFormat> detect(Bytes file) {
    if (file.startsWith(0, 0xff, 0xd8, 0xff)) {
      return Optional.of(JPEG);
    }
    if (file.startsWith(0, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
      return Optional.of(PNG);
    }
    if (file.startsWith(0, 'R', 'I', 'F', 'F') && file.startsWith(8, 'W', 'E', 'B', 'P')) {
      return Optional.of(WEBP);
    }
    return Optional.empty();
  }

  /** The name of a picture format that is known but not read. */
  static Optional<String> detectUnread(Bytes file) {
    if (file.startsWith(0, 'G', 'I', 'F', '8')) {
      return Optional.of("GIF");
    }
    if (file.startsWith(0, 'B', 'M') && file.length() > 26) {
      return Optional.of("BMP");
    }
    if (file.startsWith(0, 'I', 'I', 42, 0) || file.startsWith(0, 'M', 'M', 0, 42)) {
      return Optional.of("TIFF");
    }
    if (file.startsWith(4, 'f', 't', 'y', 'p')) {
      return Optional.of("HEIF or AVIF");
    }
    if (file.startsWith(0, 0xff, 0x0a) || file.startsWith(0, 0, 0, 0, 12, 'J', 'X', 'L', ' ')) {
      return Optional.of("JPEG XL");
    }
    return Optional.empty();
  }
}
