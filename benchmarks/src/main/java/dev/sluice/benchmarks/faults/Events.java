package dev.sluice.benchmarks.faults;

import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Small events by number; one in four holds no picture. Immutable. */
public final class Events {
  private static final String PREFIX = "event-";
  private static final long SEED = 7_007;
  private static final int DISTINCT = 40;
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;
  private static final int BROKEN_EVERY = 4;

  private final List<byte[]> pictures = new ArrayList<>();

  Events() {
    StandardPictureEncoder encoder = new StandardPictureEncoder();
    for (int i = 0; i < DISTINCT; i++) {
      pictures.add(ScenePicture.of(SEED, i, WIDTH, HEIGHT, encoder).file().bytes());
    }
  }

  ImageEvent event(int number) {
    byte[] picture =
        number % BROKEN_EVERY == BROKEN_EVERY - 1
            ? new byte[] {1, 2, 3}
            : pictures.get(number % DISTINCT);
    return ImageEvent.of(
        EventIdentity.of(id(number), Instant.now()), Picture.ofBytes(picture, null));
  }

  /** An event's id by its number. */
  public static String id(int number) {
    return String.format(Locale.ROOT, PREFIX + "%06d", number);
  }

  /** The number in an event's id. */
  static int number(String eventId) {
    return Integer.parseInt(eventId.substring(PREFIX.length()));
  }
}
