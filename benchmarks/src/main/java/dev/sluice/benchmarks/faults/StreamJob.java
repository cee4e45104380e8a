package dev.sluice.benchmarks.faults;

import dev.sluice.jobs.embedded.EmbeddedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The two jobs as they are submitted with the embedded model. */
enum StreamJob {
  CAPTIONING("captioning", Topics.CAPTIONS_REJECTED),
  MODERATION("moderation", Topics.VERDICTS_REJECTED);

  private final String argument;
  private final String rejectedTopic;

  StreamJob(String argument, String rejectedTopic) {
    this.argument = argument;
    this.rejectedTopic = rejectedTopic;
  }

  /**
   * What follows the jar.
   *
   * @param file of {@link #write}
   */
  List<String> arguments(Path file) {
    return List.of(argument, "--config", file.toString(), "--kafka.rejected-topic", rejectedTopic);
  }

  /** Writes the configuration of both jobs. */
  static Path write(Path folder, String bootstrapServers) throws IOException {
    Path file = folder.resolve("job.yaml");
    Files.writeString(
        file,
        """
        sluice:
          model: %s
          capacity: 16
          memory:
            budget: 900 mb
          device:
            threads: 1
          decode:
            max-new-tokens: 2
          moderation:
            policy: %s
          kafka:
            bootstrap-servers: %s
            properties:
              isolation.level: read_committed
        """
            .formatted(
                EmbeddedModel.directory(),
                EmbeddedModel.writePolicy(folder.resolve("policy.json")),
                bootstrapServers));
    return file;
  }
}
