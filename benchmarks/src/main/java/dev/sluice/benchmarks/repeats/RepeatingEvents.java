package dev.sluice.benchmarks.repeats;

import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Events of which some show a picture that an earlier one showed, at any distance. Owned by one
 * thread.
 */
final class RepeatingEvents {
  private static final String PREFIX = "event-";
  private static final long SEED = 6_006;
  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  private final int events;
  private final int distinct;
  private final Random random = new Random(SEED);
  private final StandardPictureEncoder encoder = new StandardPictureEncoder();
  private final List<byte[]> shown = new ArrayList<>();
  private int next;

  /**
   * @param distinct how many pictures there are, each at least once
   */
  RepeatingEvents(int events, int distinct) {
    this.events = events;
    this.distinct = distinct;
  }

  boolean hasNext() {
    return next < events;
  }

  ImageEvent next() {
    int number = next++;
    return ImageEvent.of(
        EventIdentity.of(String.format(Locale.ROOT, PREFIX + "%06d", number), Instant.now()),
        Picture.ofBytes(picture(number), null));
  }

  /** The number in an event's id. */
  static int number(String eventId) {
    return Integer.parseInt(eventId.substring(PREFIX.length()));
  }

  private byte[] picture(int number) {
    // As likely as makes all of them come, exactly.
    boolean isNew = shown.isEmpty() || random.nextInt(events - number) < distinct - shown.size();
    if (isNew) {
      shown.add(ScenePicture.of(SEED, shown.size(), WIDTH, HEIGHT, encoder).file().bytes());
      return shown.get(shown.size() - 1);
    }
    return shown.get(random.nextInt(shown.size()));
  }
}
