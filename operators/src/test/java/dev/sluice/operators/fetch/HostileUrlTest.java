package dev.sluice.operators.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operators.FetchOptions;
import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Rejection.Category;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything in hostile-urls.txt, given by a sender and given by a server that redirects. */
class HostileUrlTest {
  private static final TestNames NAMES =
      new TestNames()
          .with("images.example.com", "127.0.0.1")
          .with("localhost", "127.0.0.1", "::1")
          .with("intranet.private.example", "10.1.2.3")
          .with("half.private.example", "93.184.215.14", "192.168.1.1")
          .with("six.private.example", "fd00::1")
          .with("metadata.private.example", "169.254.169.254");

  @Test
  void list_isLongEnough() throws IOException {
    assertThat(lines()).hasSizeGreaterThan(100).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("lines")
  void hostileUrl_isForbidden(String line) {
    try (Fetcher fetcher = FetchTesting.fetcher(FetchTesting.quick(), NAMES)) {
      assertForbidden(FetchTesting.rejection(FetchTesting.fetch(fetcher, url(line))));
    }
  }

  @ParameterizedTest
  @MethodSource("addresses")
  void hostileAddress_isForbiddenAlthoughItsHostIsAllowed(String line) {
    String host = URI.create(url(line)).getHost().toLowerCase(Locale.ROOT);
    Configuration config = FetchTesting.quick().set(FetchOptions.HOSTS, List.of(host));
    try (Fetcher fetcher = FetchTesting.fetcher(config, NAMES)) {
      ImageRejectedException rejection =
          FetchTesting.rejection(FetchTesting.fetch(fetcher, url(line)));
      assertForbidden(rejection);
      assertThat(rejection).hasMessageStartingWith("host ").hasMessageContaining("public");
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void hostileForm_isForbiddenWhateverIsAllowed(String line) {
    Configuration config =
        FetchTesting.quick()
            .set(FetchOptions.HOSTS, hostsOf(url(line)))
            .set(FetchOptions.FOLDERS, List.of("/"))
            .set(FetchOptions.SCHEMES, List.of("http", "file", "data", "jar", "javascript"))
            .set(FetchOptions.PRIVATE_NETWORKS, List.of("0.0.0.0/0", "::/0"));
    try (Fetcher fetcher = FetchTesting.fetcher(config, NAMES)) {
      assertForbidden(FetchTesting.rejection(FetchTesting.fetch(fetcher, url(line))));
    }
  }

  @ParameterizedTest
  @MethodSource("redirects")
  void hostileRedirect_isForbidden(String line) throws IOException {
    try (PictureServer server = PictureServer.start().redirect("/", url(line))) {
      Configuration config = FetchTesting.onLoopback(server);
      config.set(FetchOptions.PRIVATE_NETWORKS, List.of("127.0.0.1/32"));
      try (Fetcher fetcher = FetchTesting.fetcher(config, NAMES)) {
        String start = "http://images.example.com:" + server.port() + "/start.png";
        assertForbidden(FetchTesting.rejection(FetchTesting.fetch(fetcher, start)));
        assertThat(server.asked()).containsExactly("images.example.com/start.png");
      }
    }
  }

  private static void assertForbidden(ImageRejectedException rejection) {
    assertThat(rejection.category())
        .as(rejection.getMessage())
        .isEqualTo(Category.FORBIDDEN_SOURCE);
    assertThat(rejection.stageOr(Rejection.Stage.SLICE)).isEqualTo(Rejection.Stage.FETCH);
    assertThat(rejection.getMessage()).doesNotContain("secret").hasSizeLessThan(400);
  }

  private static String url(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }

  /** The host of a URL that may not be one, as far as an option can hold it. */
  private static List<String> hostsOf(String url) {
    String host = url.replaceFirst("^\\w*:/*", "").replaceFirst("[/:\\[].*", "");
    return host.matches("[a-z0-9._-]*[a-z0-9]")
        ? List.of(host, "images.example.com", "evil.example")
        : List.of("images.example.com", "evil.example");
  }

  static List<String> forms() throws IOException {
    return lines().stream().filter(line -> line.startsWith("FORM ")).toList();
  }

  static List<String> addresses() throws IOException {
    return lines().stream().filter(line -> line.startsWith("ADDRESS ")).toList();
  }

  /** Those that a server can say: relative ones stay with it, a header takes ASCII alone. */
  static List<String> redirects() throws IOException {
    return lines().stream()
        .filter(line -> url(line).matches("\\p{ASCII}+") && url(line).contains(":"))
        .toList();
  }

  static List<String> lines() throws IOException {
    try (var in = HostileUrlTest.class.getResourceAsStream("/fetch/hostile-urls.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    }
  }
}
