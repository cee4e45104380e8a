package dev.sluice.jobs.bench;

import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Picture files to measure with: those of a folder, or scenes that are drawn. Stateless. */
public final class BenchPictures {
  private static final long SEED = 2_026_000_003L;
  private static final int WIDTH = 1280;
  private static final int HEIGHT = 960;

  private BenchPictures() {}

  /** Draws scenes of one size into a folder, the same each time. */
  public static List<Path> draw(Path folder, int count) throws IOException {
    StandardPictureEncoder encoder = new StandardPictureEncoder();
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ScenePicture picture = ScenePicture.of(SEED, i, WIDTH, HEIGHT, encoder);
      String name = "%04d.%s".formatted(i, picture.format().extension());
      files.add(Files.write(folder.resolve(name), picture.file().bytes()));
    }
    return files;
  }
}
