package dev.sluice.jobs.stream;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.YamlParserUtils;

/**
 * What the arguments of a job say, and what of it cannot be understood. Immutable.
 *
 * @param options the arguments' before the file's
 * @param problems one sentence each
 */
public record JobConfiguration(Configuration options, List<String> problems) {
  static final String PREFIX = "sluice.";

  public JobConfiguration {
    problems = List.copyOf(problems);
  }

  /**
   * Reads {@code --config FILE}, {@code -Dkey=value}, {@code --key value} and {@code --key=value};
   * the prefix {@code sluice.} may be left out after the dashes.
   */
  public static JobConfiguration parse(List<String> arguments) {
    Reader reader = new Reader();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      boolean hasNext = i + 1 < arguments.size();
      if (argument.startsWith("-D") && argument.indexOf('=') > 2) {
        reader.put(argument.substring(2));
      } else if (argument.startsWith("--") && argument.indexOf('=') > 2) {
        reader.putPrefixed(argument.substring(2));
      } else if (argument.equals("--config") && hasNext) {
        reader.load(new File(arguments.get(++i)));
      } else if (argument.startsWith("--") && hasNext) {
        reader.putPrefixed(argument.substring(2) + "=" + arguments.get(++i));
      } else {
        reader.problems.add(
            "argument '%s': expected --config FILE, -Dkey=value or --key value"
                .formatted(withoutValue(argument)));
      }
    }
    return reader.result();
  }

  /**
   * The options without Kafka's properties: Flink shows a job's configuration on its pages, and
   * hides what it knows to be secret by words such as "password" in the key, which a private key's
   * does not have.
   */
  public Configuration shownByFlink() {
    Configuration shown = new Configuration(options);
    shown.removeConfig(KafkaOptions.PROPERTIES);
    return shown;
  }

  /** What stands behind an equals sign may be a secret. */
  private static String withoutValue(String argument) {
    int equals = argument.indexOf('=');
    return equals < 0 ? argument : argument.substring(0, equals) + "=…";
  }

  /** Collects what it reads. Owned by one call. */
  private static final class Reader {
    private final Configuration fromFile = new Configuration();
    private final Configuration fromArguments = new Configuration();
    private final List<String> problems = new ArrayList<>();

    private JobConfiguration result() {
      fromFile.addAll(fromArguments);
      return new JobConfiguration(fromFile, problems);
    }

    private void put(String assignment) {
      int equals = assignment.indexOf('=');
      fromArguments.setString(assignment.substring(0, equals), assignment.substring(equals + 1));
    }

    private void putPrefixed(String assignment) {
      if (assignment.startsWith("config=")) {
        load(new File(assignment.substring("config=".length())));
      } else {
        put(assignment.startsWith(PREFIX) ? assignment : PREFIX + assignment);
      }
    }

    private void load(File file) {
      if (!file.isFile()) {
        problems.add("configuration file " + file + ": there is none");
        return;
      }
      try {
        flatten("", YamlParserUtils.loadYamlFile(file));
      } catch (Exception e) {
        problems.add("configuration file " + file + ": not YAML (" + e.getMessage() + ")");
      }
    }

    private void flatten(String prefix, Map<?, ?> tree) {
      for (Map.Entry<?, ?> entry : tree.entrySet()) {
        String key = prefix + entry.getKey();
        if (entry.getValue() instanceof Map<?, ?> branch) {
          flatten(key + ".", branch);
        } else if (entry.getValue() != null) {
          fromFile.setString(key, entry.getValue().toString());
        }
      }
    }
  }
}
