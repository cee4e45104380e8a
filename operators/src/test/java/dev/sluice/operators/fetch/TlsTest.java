package dev.sluice.operators.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operators.FetchOptions;
import dev.sluice.serde.Rejection.Category;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.apache.flink.configuration.Configuration;
import org.apache.hc.core5.ssl.SSLContexts;
import org.junit.jupiter.api.Test;

/** The address is checked, and yet the certificate goes by the name. */
class TlsTest {
  /** A self-signed certificate for images.example.com, trusted by the tests alone. */
  private static final String STORE = "/fetch/images.example.com.p12";

  private static final char[] PASSWORD = "changeit".toCharArray();

  private final TestNames names =
      new TestNames()
          .with("images.example.com", "127.0.0.1")
          .with("a.cdn.example.com", "127.0.0.1");

  @Test
  void certificate_mustBeForTheName() throws Exception {
    SSLContext tls = tls();
    try (PictureServer server = PictureServer.start(tls).on("/cat.png", "cat");
        Fetcher fetcher = fetcher(server, tls)) {
      String place = ":" + server.port() + "/cat.png";
      assertThat(
              FetchTesting.text(FetchTesting.fetch(fetcher, "https://images.example.com" + place)))
          .isEqualTo("cat");
      assertThat(
              FetchTesting.rejection(
                  FetchTesting.fetch(fetcher, "https://a.cdn.example.com" + place)))
          .hasMessageContaining("expected a certificate for its name");
      assertThat(server.asked()).containsExactly("images.example.com/cat.png");
    }
  }

  @Test
  void certificate_mustBeTrusted() throws Exception {
    try (PictureServer server = PictureServer.start(tls()).on("/cat.png", "cat");
        Fetcher fetcher = fetcher(server, SSLContexts.createDefault())) {
      String uri = "https://images.example.com:" + server.port() + "/cat.png";
      assertThat(FetchTesting.category(FetchTesting.fetch(fetcher, uri)))
          .isEqualTo(Category.FETCH_FAILED);
    }
  }

  @Test
  void redirectToPlainHttp_isForbidden() throws Exception {
    SSLContext tls = tls();
    try (PictureServer plain = PictureServer.start().on("/cat.png", "cat");
        PictureServer server =
            PictureServer.start(tls)
                .redirect("/cat.png", "http://images.example.com:" + plain.port() + "/cat.png")) {
      Configuration config = FetchTesting.onLoopback(server);
      config.set(FetchOptions.PORTS, List.of(server.port(), plain.port()));
      try (Fetcher fetcher = new Fetcher(FetchOptions.from(config), names, tls)) {
        String uri = "https://images.example.com:" + server.port() + "/cat.png";
        assertThat(FetchTesting.category(FetchTesting.fetch(fetcher, uri)))
            .isEqualTo(Category.FORBIDDEN_SOURCE);
        assertThat(plain.asked()).isEmpty();
      }
    }
  }

  private Fetcher fetcher(PictureServer server, SSLContext tls) {
    return new Fetcher(FetchOptions.from(FetchTesting.onLoopback(server)), names, tls);
  }

  private static SSLContext tls() throws IOException, GeneralSecurityException {
    var store = TlsTest.class.getResource(STORE);
    return SSLContexts.custom()
        .loadKeyMaterial(store, PASSWORD, PASSWORD)
        .loadTrustMaterial(store, PASSWORD)
        .build();
  }
}
