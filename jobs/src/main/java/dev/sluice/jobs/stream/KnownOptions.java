package dev.sluice.jobs.stream;

import dev.sluice.jobs.captioning.CaptioningJob;
import dev.sluice.jobs.moderation.ModerationJob;
import dev.sluice.operators.CacheOptions;
import dev.sluice.operators.DegradeOptions;
import dev.sluice.operators.DescribeOptions;
import dev.sluice.operators.FetchOptions;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.PoisonOptions;
import dev.sluice.operators.VisionOptions;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;

/** All options under {@code sluice.}, and what may be wrong with them. Stateless. */
public final class KnownOptions {
  private static final List<Class<?>> HOLDERS =
      List.of(
          JobOptions.class,
          KafkaOptions.class,
          ModelOptions.class,
          PoisonOptions.class,
          VisionOptions.class,
          FetchOptions.class,
          CacheOptions.class,
          DegradeOptions.class,
          DescribeOptions.class,
          CaptioningJob.class,
          ModerationJob.class);

  private KnownOptions() {}

  /** All keys under {@code sluice.} that a job reads. */
  public static List<ConfigOption<?>> all() {
    return known().stream().<ConfigOption<?>>map(Known::option).toList();
  }

  /**
   * Everything that is wrong with a configuration, one sentence each.
   *
   * @param required options that must be given
   * @param readers what throws {@link IllegalArgumentException} for a value out of range
   */
  public static List<String> problems(
      Configuration configuration,
      List<ConfigOption<?>> required,
      List<Consumer<ReadableConfig>> readers) {
    Set<String> problems = new LinkedHashSet<>(unknownKeys(configuration));
    for (ConfigOption<?> option : required) {
      if (configuration.getString(option.key(), "").isBlank()) {
        problems.add(option.key() + ": must be given, found nothing");
      }
    }
    Configuration readable = new Configuration(configuration);
    for (Known known : known()) {
      known
          .unreadable(configuration)
          .ifPresent(
              problem -> {
                problems.add(problem);
                readable.removeKey(known.option.key());
              });
    }
    readers.forEach(reader -> problems.addAll(outOfRange(readable, reader)));
    return List.copyOf(problems);
  }

  /** A reader stops at the first wrong option: without it, the next one shows. */
  private static List<String> outOfRange(
      Configuration configuration, Consumer<ReadableConfig> reader) {
    List<String> problems = new ArrayList<>();
    Configuration rest = new Configuration(configuration);
    Optional<String> wrong = Optional.of("");
    while (wrong.isPresent()) {
      wrong = Optional.empty();
      try {
        reader.accept(rest);
      } catch (IllegalArgumentException e) {
        String problem = String.valueOf(e.getMessage());
        problems.add(problem);
        wrong = rest.keySet().stream().filter(key -> isAbout(key, problem)).findFirst();
        wrong.ifPresent(rest::removeKey);
      }
    }
    return problems;
  }

  /** The engine's own messages name an option without its prefix. */
  private static boolean isAbout(String key, String problem) {
    return problem.startsWith(key + ":")
        || (JobConfiguration.PREFIX + problem).startsWith(key + ":");
  }

  private static List<String> unknownKeys(Configuration configuration) {
    Set<String> known = all().stream().map(ConfigOption::key).collect(Collectors.toSet());
    String passThrough = KafkaOptions.PROPERTIES.key() + ".";
    return configuration.keySet().stream()
        .filter(key -> key.startsWith(JobConfiguration.PREFIX) && !key.startsWith(passThrough))
        .filter(key -> !known.contains(key))
        .sorted()
        .map(key -> "%s: not an option; docs/configuration.md lists them".formatted(key))
        .toList();
  }

  private static List<Known> known() {
    List<Known> known = new ArrayList<>();
    for (Class<?> holder : HOLDERS) {
      for (Field field : holder.getFields()) {
        if (field.getType() == ConfigOption.class) {
          known.add(Known.of(field));
        }
      }
    }
    return known;
  }

  /** An option with the type of its value. Immutable. */
  private record Known(ConfigOption<?> option, Type type) {

    private static Known of(Field field) {
      try {
        return new Known(
            (ConfigOption<?>) field.get(null),
            ((ParameterizedType) field.getGenericType()).getActualTypeArguments()[0]);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("option " + field + ": not public", e);
      }
    }

    private Optional<String> unreadable(Configuration configuration) {
      try {
        configuration.getOptional(option);
        return Optional.empty();
      } catch (IllegalArgumentException e) {
        String sentence = "%s: expected %s".formatted(option.key(), expected());
        return Optional.of(
            option.equals(KafkaOptions.PROPERTIES) // may hold secrets
                ? sentence
                : sentence + ", found '%s'".formatted(configuration.getString(option.key(), "")));
      }
    }

    private String expected() {
      if (type instanceof Class<?> enumeration && enumeration.isEnum()) {
        return Arrays.stream(enumeration.getEnumConstants())
            .map(Object::toString)
            .collect(Collectors.joining(", ", "one of ", ""));
      }
      return EXPECTED.getOrDefault(
          type,
          option.equals(KafkaOptions.PROPERTIES)
              ? "a list such as name:value,name:value"
              : "a list such as 80;443");
    }

    private static final Map<Type, String> EXPECTED =
        Map.of(
            Boolean.class, "true or false",
            Integer.class, "a whole number",
            Long.class, "a whole number",
            Double.class, "a number",
            Duration.class, "a duration such as 5 s",
            MemorySize.class, "a size such as 64 mb");
  }
}
