package dev.sluice.jobs.stream;

import dev.sluice.jobs.captioning.CaptioningJob;
import dev.sluice.jobs.moderation.ModerationJob;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.VisionOptions;
import java.io.File;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.YamlParserUtils;

/** A job's configuration from a YAML file and arguments, the arguments first. Stateless. */
public final class JobConfiguration {
  private static final String PREFIX = "sluice.";

  private JobConfiguration() {}

  /**
   * Reads {@code --config FILE}, {@code -Dkey=value}, {@code --key value} and {@code --key=value};
   * the prefix {@code sluice.} may be left out after the dashes.
   *
   * @throws IllegalArgumentException for an argument, a file or a key that is not known
   */
  public static Configuration parse(List<String> arguments) {
    Configuration fromFile = new Configuration();
    Configuration fromArguments = new Configuration();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.startsWith("-D") && argument.indexOf('=') > 2) {
        put(fromArguments, argument.substring(2));
      } else if (argument.startsWith("--") && argument.indexOf('=') > 2) {
        put(fromArguments, prefixed(argument.substring(2)));
      } else if (argument.startsWith("--") && i + 1 < arguments.size()) {
        i++;
        String name = argument.substring(2);
        if (name.equals("config")) {
          fromFile.addAll(load(new File(arguments.get(i))));
        } else {
          put(fromArguments, prefixed(name + "=" + arguments.get(i)));
        }
      } else {
        throw new IllegalArgumentException(
            "argument '%s': expected --config FILE, -Dkey=value or --key value"
                .formatted(argument));
      }
    }
    fromFile.addAll(fromArguments);
    checkKeys(fromFile);
    return fromFile;
  }

  /** All keys under {@code sluice.} that a job reads. */
  public static List<ConfigOption<?>> options() {
    List<ConfigOption<?>> options = new ArrayList<>();
    for (Class<?> holder :
        List.of(
            JobOptions.class,
            KafkaOptions.class,
            ModelOptions.class,
            VisionOptions.class,
            CaptioningJob.class,
            ModerationJob.class)) {
      for (Field field : holder.getFields()) {
        if (field.getType() == ConfigOption.class) {
          options.add(optionOf(field));
        }
      }
    }
    return options;
  }

  private static ConfigOption<?> optionOf(Field field) {
    try {
      return (ConfigOption<?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("option " + field + ": not public", e);
    }
  }

  private static void put(Configuration into, String assignment) {
    int equals = assignment.indexOf('=');
    into.setString(assignment.substring(0, equals), assignment.substring(equals + 1));
  }

  private static String prefixed(String assignment) {
    return assignment.startsWith(PREFIX) ? assignment : PREFIX + assignment;
  }

  private static Configuration load(File file) {
    if (!file.isFile()) {
      throw new IllegalArgumentException("configuration file " + file + ": there is none");
    }
    Map<String, Object> tree;
    try {
      tree = YamlParserUtils.loadYamlFile(file);
    } catch (Exception e) {
      throw new IllegalArgumentException(
          "configuration file " + file + ": not YAML (" + e.getMessage() + ")", e);
    }
    Configuration loaded = new Configuration();
    flatten("", tree, loaded);
    return loaded;
  }

  private static void flatten(String prefix, Map<?, ?> tree, Configuration into) {
    for (Map.Entry<?, ?> entry : tree.entrySet()) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof Map<?, ?> branch) {
        flatten(key + ".", branch, into);
      } else if (entry.getValue() != null) {
        into.setString(key, entry.getValue().toString());
      }
    }
  }

  private static void checkKeys(Configuration configuration) {
    Set<String> known = new TreeSet<>();
    options().forEach(option -> known.add(option.key()));
    String passThrough = KafkaOptions.PROPERTIES.key() + ".";
    for (String key : configuration.keySet()) {
      if (key.startsWith(PREFIX) && !known.contains(key) && !key.startsWith(passThrough)) {
        throw new IllegalArgumentException(
            "option '%s': not known; expected one of %s".formatted(key, known));
      }
    }
  }
}
