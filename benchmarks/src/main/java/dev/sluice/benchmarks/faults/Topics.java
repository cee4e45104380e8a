package dev.sluice.benchmarks.faults;

import java.util.List;

/** The topics of the rig: each job has rejections of its own, so that they can be told apart. */
final class Topics {
  static final String IMAGES = "images";
  static final String CAPTIONS = "captions";
  static final String CAPTIONS_REJECTED = "captions-rejected";
  static final String VERDICTS = "verdicts";
  static final String VERDICTS_REJECTED = "verdicts-rejected";

  static final int PARTITIONS = 4;

  private Topics() {}

  static List<String> all() {
    return List.of(IMAGES, CAPTIONS, CAPTIONS_REJECTED, VERDICTS, VERDICTS_REJECTED);
  }
}
