package dev.sluice.operators;

import static dev.sluice.operators.ModelOptions.require;

import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * How pictures are found that end their process. Immutable.
 *
 * @param folderName null for one in the system's folder of temporary files
 */
@PublicEvolving
public record PoisonOptions(@Nullable String folderName, Duration retention)
    implements Serializable {

  public static final ConfigOption<String> FOLDER =
      ConfigOptions.key("sluice.poison.folder")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder of the crash journals, from which a picture is known that ends its process. It"
                  + " must outlive the process: in containers, put it on a volume. All TaskManagers of"
                  + " a host may share it, those of several hosts where its file system has locks. By"
                  + " default sluice-poison-USER in the JVM's folder of temporary files.");

  public static final ConfigOption<Duration> RETENTION =
      ConfigOptions.key("sluice.poison.retention")
          .durationType()
          .defaultValue(Duration.ofDays(7))
          .withDescription("How long a suspected picture, or one that is poison, is remembered.");

  public PoisonOptions {
    require(folderName == null || !folderName.isBlank(), FOLDER, "a folder", "''");
    require(!retention.isNegative() && !retention.isZero(), RETENTION, "more than 0", retention);
  }

  /** Reads what is set under {@code sluice.poison.}; the rest is as documented. */
  static PoisonOptions from(ReadableConfig config) {
    return new PoisonOptions(config.getOptional(FOLDER).orElse(null), config.get(RETENTION));
  }

  /** On the machine that asks. */
  public Path folder() {
    return folderName == null
        ? Path.of(
            System.getProperty("java.io.tmpdir"),
            "sluice-poison-" + System.getProperty("user.name"))
        : Path.of(folderName);
  }
}
