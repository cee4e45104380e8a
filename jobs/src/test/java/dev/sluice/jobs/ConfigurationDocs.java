package dev.sluice.jobs;

import dev.sluice.jobs.captioning.CaptioningJob;
import dev.sluice.jobs.moderation.ModerationJob;
import dev.sluice.jobs.stream.JobOptions;
import dev.sluice.jobs.stream.KafkaOptions;
import dev.sluice.jobs.stream.KnownOptions;
import dev.sluice.operators.CacheOptions;
import dev.sluice.operators.DegradeOptions;
import dev.sluice.operators.DescribeOptions;
import dev.sluice.operators.FetchOptions;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.PoisonOptions;
import dev.sluice.operators.VisionOptions;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.description.HtmlFormatter;

/** Writes docs/configuration.md from the options in the code. */
final class ConfigurationDocs {
  private ConfigurationDocs() {}

  static String page() {
    StringBuilder page = new StringBuilder();
    page.append("# Configuration\n\n")
        .append(
            "Written from the code by `ConfigurationDocsTest`; a test fails when it is stale.\n")
        .append(
            "The same keys work in Flink's `config.yaml`, as `-D` and on the command line.\n\n");
    table(page, "The model and its device", "per process", ModelOptions.class);
    table(page, "Pictures that end their process", "per process", PoisonOptions.class);
    table(page, "The operators", "per job", VisionOptions.class);
    table(page, "Pictures by reference", "per job", FetchOptions.class);
    table(page, "The same picture again", "per job", CacheOptions.class);
    table(page, "Late pictures", "per job", DegradeOptions.class);
    table(page, "The jobs", "per job", JobOptions.class);
    table(page, "Kafka", "per job", KafkaOptions.class);
    table(page, "The captioning job", "per job", CaptioningJob.class);
    table(page, "The moderation job", "per job", ModerationJob.class);
    table(page, "The describe job", "per job", DescribeOptions.class);
    return page.toString();
  }

  static List<ConfigOption<?>> options() {
    return KnownOptions.all();
  }

  static String description(ConfigOption<?> option) {
    return new HtmlFormatter().format(option.description());
  }

  private static void table(StringBuilder page, String title, String scope, Class<?> type) {
    page.append("## ").append(title).append(" (").append(scope).append(")\n\n");
    page.append("| key | default | what it does |\n|---|---|---|\n");
    for (ConfigOption<?> option : options(type)) {
      page.append(
          "| `%s` | %s | %s |\n".formatted(option.key(), defaultOf(option), description(option)));
    }
    page.append('\n');
  }

  private static String defaultOf(ConfigOption<?> option) {
    if (!option.hasDefaultValue()) {
      return "";
    }
    Object value = option.defaultValue();
    if (value instanceof MemorySize size) {
      return "`" + size.toHumanReadableString().replaceAll(" \\(.*\\)", "") + "`";
    }
    if (value instanceof Duration duration) {
      return "`" + duration.toMillis() + " ms`";
    }
    return "`" + value + "`";
  }

  private static List<ConfigOption<?>> options(Class<?> type) {
    List<ConfigOption<?>> options = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      if (field.getType() == ConfigOption.class) {
        try {
          options.add((ConfigOption<?>) field.get(null));
        } catch (IllegalAccessException e) {
          throw new IllegalStateException("option " + field + " must be public", e);
        }
      }
    }
    return options;
  }
}
