package dev.sluice.benchmarks.load;

import dev.sluice.benchmarks.faults.Events;
import dev.sluice.jobs.scenes.PictureEncoder;
import dev.sluice.jobs.scenes.PictureFormat;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ImageRequest;
import dev.sluice.serde.Picture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The pictures that are sent, again and again. Immutable. */
public final class LoadPictures {
  private static final long SEED = 6_006;
  private static final int DISTINCT = 24;
  private static final int SMALL_WIDTH = 64;
  private static final int SMALL_HEIGHT = 48;

  private final List<byte[]> files = new ArrayList<>();

  LoadPictures(Kind kind) {
    PictureEncoder encoder = new StandardPictureEncoder();
    for (int i = 0; files.size() < DISTINCT; i++) {
      ScenePicture picture = kind.picture(i, encoder);
      // The scenes that are PNGs are of noise, 2 MB each: they would load the disk, not the job.
      if (picture.format() == PictureFormat.JPEG) {
        files.add(picture.file().bytes());
      }
    }
  }

  /** Which pictures. */
  public enum Kind {
    /** JPEGs from 300x200 to 1600x1200, sides from 1:3 to 3:1. */
    MIXED {
      @Override
      ScenePicture picture(int number, PictureEncoder encoder) {
        return ScenePicture.of(SEED, number, encoder);
      }
    },
    /** JPEGs of 64x48. */
    SMALL {
      @Override
      ScenePicture picture(int number, PictureEncoder encoder) {
        return ScenePicture.of(SEED, number, SMALL_WIDTH, SMALL_HEIGHT, encoder);
      }
    };

    abstract ScenePicture picture(int number, PictureEncoder encoder);
  }

  ImageEvent event(int number, @Nullable Instant deadline) {
    return ImageEvent.of(
            EventIdentity.of(Events.id(number), Instant.now()),
            Picture.ofBytes(files.get(number % DISTINCT), null))
        .with(new ImageRequest(null, null, Map.of(), 0, deadline, 0));
  }

  double meanBytes() {
    return files.stream().mapToInt(file -> file.length).average().orElseThrow();
  }
}
