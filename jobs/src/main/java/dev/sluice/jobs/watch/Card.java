package dev.sluice.jobs.watch;

import dev.sluice.serde.Caption;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has been seen of one picture so far. Immutable.
 *
 * @param number in which order pictures were first seen, from 1
 * @param version the change of the board that it came by
 * @param preview whether there is a small picture to show
 */
record Card(
    long number,
    long version,
    EventIdentity identity,
    boolean preview,
    @Nullable Caption caption,
    @Nullable Verdict verdict,
    List<Rejection> rejections) {
  /** Each job rejects for itself; more come only where somebody sends an event again. */
  private static final int MOST_REJECTIONS = 4;

  Card {
    rejections = List.copyOf(rejections);
  }

  static Card first(long number, EventIdentity identity) {
    return new Card(number, 0, identity, false, null, null, List.of());
  }

  Card as(long newVersion) {
    return new Card(number, newVersion, identity, preview, caption, verdict, rejections);
  }

  Card withPreview() {
    return new Card(number, version, identity, true, caption, verdict, rejections);
  }

  Card with(Caption newCaption) {
    return new Card(number, version, identity, preview, newCaption, verdict, rejections);
  }

  Card with(Verdict newVerdict) {
    return new Card(number, version, identity, preview, caption, newVerdict, rejections);
  }

  Card with(Rejection rejection) {
    List<Rejection> all = new ArrayList<>(rejections);
    if (all.size() == MOST_REJECTIONS) {
      all.remove(0);
    }
    all.add(rejection);
    return new Card(number, version, identity, preview, caption, verdict, all);
  }
}
