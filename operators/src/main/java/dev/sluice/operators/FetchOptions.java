package dev.sluice.operators;

import static dev.sluice.operators.ModelOptions.require;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Where pictures that come by reference may be fetched from, and how. Immutable.
 *
 * <p>By default nowhere: no host and no folder is allowed.
 */
@PublicEvolving
public record FetchOptions(Places places, Limits limits, Retries retries) implements Serializable {

  public static final ConfigOption<List<String>> SCHEMES =
      ConfigOptions.key("sluice.fetch.schemes")
          .stringType()
          .asList()
          .defaultValues("https", "http", "file")
          .withDescription(
              "Schemes that a picture's URI may have. Others than these three, such as s3, go through"
                  + " Flink's file systems; their bucket is a host.");

  public static final ConfigOption<List<String>> HOSTS =
      ConfigOptions.key("sluice.fetch.hosts")
          .stringType()
          .asList()
          .defaultValues()
          .withDescription(
              "Hosts that pictures may be fetched from: images.example.com, or *.example.com for all"
                  + " below example.com. By default none.");

  public static final ConfigOption<List<Integer>> PORTS =
      ConfigOptions.key("sluice.fetch.ports")
          .intType()
          .asList()
          .defaultValues()
          .withDescription("Ports that a URI may name beside the usual one of its scheme.");

  public static final ConfigOption<List<String>> FOLDERS =
      ConfigOptions.key("sluice.fetch.folders")
          .stringType()
          .asList()
          .defaultValues()
          .withDescription(
              "Folders that file URIs may lie in, links followed. By default none. The same path is"
                  + " read on every TaskManager.");

  public static final ConfigOption<List<String>> PRIVATE_NETWORKS =
      ConfigOptions.key("sluice.fetch.private-networks")
          .stringType()
          .asList()
          .defaultValues()
          .withDescription(
              "Networks such as 10.20.0.0/16 that an allowed host may lie in although they are not"
                  + " public. By default a host that resolves to a private, loopback, link-local or"
                  + " other special address is refused.");

  public static final ConfigOption<Duration> CONNECT_TIMEOUT =
      ConfigOptions.key("sluice.fetch.connect-timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(2))
          .withDescription("How long a connection may take to be made, per address of the host.");

  public static final ConfigOption<Duration> TIMEOUT =
      ConfigOptions.key("sluice.fetch.timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "How long one attempt may take from the name's resolution to the last byte, redirects"
                  + " included.");

  public static final ConfigOption<Integer> MAX_REDIRECTS =
      ConfigOptions.key("sluice.fetch.max-redirects")
          .intType()
          .defaultValue(3)
          .withDescription(
              "Most redirects of one attempt; each target is checked as the first place was. Never"
                  + " from https to http.");

  public static final ConfigOption<Integer> CONCURRENCY =
      ConfigOptions.key("sluice.fetch.concurrency")
          .intType()
          .defaultValue(16)
          .withDescription("Most pictures that a process fetches at once.");

  public static final ConfigOption<Integer> CONCURRENCY_PER_HOST =
      ConfigOptions.key("sluice.fetch.concurrency-per-host")
          .intType()
          .defaultValue(4)
          .withDescription("Most pictures that a process fetches at once from one host.");

  public static final ConfigOption<Integer> ATTEMPTS =
      ConfigOptions.key("sluice.fetch.attempts")
          .intType()
          .defaultValue(3)
          .withDescription(
              "Most attempts for one picture. Timeouts, broken connections and the answers 408, 429"
                  + " and 5xx are tried again.");

  public static final ConfigOption<Duration> BACKOFF =
      ConfigOptions.key("sluice.fetch.backoff")
          .durationType()
          .defaultValue(Duration.ofMillis(200))
          .withDescription("Pause before the second attempt; it doubles, with jitter.");

  public static final ConfigOption<Duration> MAX_BACKOFF =
      ConfigOptions.key("sluice.fetch.max-backoff")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription(
              "Longest pause between attempts, also where a server asks for a longer.");

  public static final ConfigOption<Integer> BREAKER_FAILURES =
      ConfigOptions.key("sluice.fetch.breaker.failures")
          .intType()
          .defaultValue(10)
          .withDescription(
              "After so many failed attempts in a row a host is left alone for a while; its pictures"
                  + " are rejected as FETCH_FAILED meanwhile.");

  public static final ConfigOption<Duration> BREAKER_DELAY =
      ConfigOptions.key("sluice.fetch.breaker.delay")
          .durationType()
          .defaultValue(Duration.ofSeconds(30))
          .withDescription("How long a host is left alone before one attempt tries it again.");

  /** Everything as documented. */
  public static final FetchOptions DEFAULTS = from(new Configuration());

  /** Reads what is set under {@code sluice.fetch.}; the rest is as documented. */
  public static FetchOptions from(ReadableConfig config) {
    return new FetchOptions(
        new Places(
            config.get(SCHEMES),
            config.get(HOSTS),
            config.get(PORTS),
            config.get(FOLDERS),
            config.get(PRIVATE_NETWORKS)),
        new Limits(
            config.get(CONNECT_TIMEOUT),
            config.get(TIMEOUT),
            config.get(MAX_REDIRECTS),
            config.get(CONCURRENCY),
            config.get(CONCURRENCY_PER_HOST)),
        new Retries(
            config.get(ATTEMPTS),
            config.get(BACKOFF),
            config.get(MAX_BACKOFF),
            config.get(BREAKER_FAILURES),
            config.get(BREAKER_DELAY)));
  }

  /**
   * What may be fetched. Immutable.
   *
   * @param folders absolute
   * @param privateNetworks addresses with or without a prefix length
   */
  public record Places(
      List<String> schemes,
      List<String> hosts,
      List<Integer> ports,
      List<String> folders,
      List<String> privateNetworks)
      implements Serializable {
    private static final String HOST = "(\\*\\.)?[a-z0-9._-]*[a-z0-9]|\\[[0-9a-f:.]+\\]";

    public Places {
      schemes = List.copyOf(schemes);
      hosts = List.copyOf(hosts);
      ports = List.copyOf(ports);
      folders = List.copyOf(folders);
      privateNetworks = List.copyOf(privateNetworks);
      schemes.forEach(
          s -> require(s.matches("[a-z][a-z0-9+.-]*"), SCHEMES, "lower-case names", quoted(s)));
      hosts.forEach(
          h -> require(h.matches(HOST), HOSTS, "lower-case names, perhaps after *.", quoted(h)));
      ports.forEach(p -> require(p > 0 && p < 1 << 16, PORTS, "1 to 65535", p));
      folders.forEach(f -> require(f.startsWith("/"), FOLDERS, "absolute paths", quoted(f)));
    }

    private static String quoted(String text) {
      return "'" + text + "'";
    }
  }

  /** What one process may spend on it. Immutable. */
  public record Limits(
      Duration connectTimeout,
      Duration timeout,
      int maxRedirects,
      int concurrency,
      int concurrencyPerHost)
      implements Serializable {
    public Limits {
      require(connectTimeout.toMillis() > 0, CONNECT_TIMEOUT, "1 ms or more", connectTimeout);
      require(timeout.toMillis() > 0, TIMEOUT, "1 ms or more", timeout);
      require(maxRedirects >= 0, MAX_REDIRECTS, "0 or more", maxRedirects);
      require(concurrency > 0, CONCURRENCY, "at least 1", concurrency);
      require(concurrencyPerHost > 0, CONCURRENCY_PER_HOST, "at least 1", concurrencyPerHost);
    }
  }

  /** What is tried again, and when a host is left alone. Immutable. */
  public record Retries(
      int attempts,
      Duration backoff,
      Duration maxBackoff,
      int breakerFailures,
      Duration breakerDelay)
      implements Serializable {
    public Retries {
      require(attempts > 0, ATTEMPTS, "at least 1", attempts);
      require(backoff.toMillis() > 0, BACKOFF, "1 ms or more", backoff);
      require(
          maxBackoff.compareTo(backoff) > 0,
          MAX_BACKOFF,
          "more than " + BACKOFF.key() + " (" + backoff + ")",
          maxBackoff);
      require(breakerFailures > 0, BREAKER_FAILURES, "at least 1", breakerFailures);
      require(!breakerDelay.isNegative(), BREAKER_DELAY, "0 or more", breakerDelay);
    }
  }
}
