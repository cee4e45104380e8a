package dev.sluice.operators.poison;

import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * A picture in native hands, by hashes alone. Immutable.
 *
 * @param work what is done with it: SLICE, ENCODE or DECODE
 * @param picture SHA-256 of its file, lower-case hex
 * @param event the first 16 hex digits of the SHA-256 of its event's id
 */
public record Suspect(Rejection.Stage work, String picture, String event) {
  private static final int EVENT_DIGITS = 16;
  private static final int FIELDS = 3;

  /** Reads the picture's bytes the first time it is asked about them. */
  public static Suspect of(ImageEvent picture, Rejection.Stage work) {
    String event = Sha256.hexOf(picture.eventId().getBytes(StandardCharsets.UTF_8));
    // A reference that was not fetched yet has no hash: its event stands for it.
    String digest = Objects.requireNonNullElse(picture.picture().contentSha256(), event);
    return new Suspect(work, digest, event.substring(0, EVENT_DIGITS));
  }

  /** What it is remembered by: the same picture may come with another event. */
  Key key() {
    return new Key(work, picture);
  }

  /** A picture at one kind of work. Immutable. */
  record Key(Rejection.Stage work, String picture) {}

  /** One line of plain ASCII. */
  String toLine() {
    return work + " " + picture + " " + event;
  }

  /** Nothing where the line is none of {@link #toLine()}. */
  static Optional<Suspect> parse(String line) {
    String[] fields = line.strip().split(" ", -1);
    if (fields.length != FIELDS
        || !Sha256.isHex(fields[1])
        || !fields[2].matches("[0-9a-f]{" + EVENT_DIGITS + "}")) {
      return Optional.empty();
    }
    return stage(fields[0]).map(work -> new Suspect(work, fields[1], fields[2]));
  }

  static Optional<Rejection.Stage> stage(String name) {
    for (Rejection.Stage stage : Rejection.Stage.values()) {
      if (stage.name().equals(name)) {
        return Optional.of(stage);
      }
    }
    return Optional.empty();
  }
}
