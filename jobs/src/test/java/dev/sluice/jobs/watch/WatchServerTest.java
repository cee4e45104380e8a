package dev.sluice.jobs.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchServerTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private Watch watch;

  @BeforeEach
  void open() throws IOException {
    watch = Watch.open(0, Optional.empty());
  }

  @AfterEach
  void close() {
    watch.close();
  }

  @Test
  void everyAssetOfThePage_isServedUnderAStrictPolicy() throws Exception {
    HttpResponse<String> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(page.body()).doesNotContain("http://", "https://", "style=", " onclick");
    Matcher assets = Pattern.compile("(?:src|href)=\"([^\"#]+)\"").matcher(page.body());
    while (assets.find()) {
      assertThat(get("/" + assets.group(1)).statusCode()).as(assets.group(1)).isEqualTo(200);
    }
    for (String module : List.of("card.js", "dom.js", "feed.js", "flow.js")) {
      HttpResponse<String> script = get("/" + module);
      assertThat(script.headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/javascript");
      assertThat(script.body()).doesNotContain("innerHTML", "eval(", "https://");
    }
  }

  @Test
  void otherPathsAndMethods_areRefused() throws Exception {
    assertThat(get("/../Card.class").statusCode()).isEqualTo(404);
    assertThat(get("/package.json").statusCode()).isEqualTo(404);
    assertThat(get("/previews/none").statusCode()).isEqualTo(404);
    assertThat(get("/previews/%zz".replace("%zz", "%25zz")).statusCode()).isEqualTo(404);
    HttpRequest post =
        HttpRequest.newBuilder(watch.page()).POST(HttpRequest.BodyPublishers.noBody()).build();
    assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
  }

  @Test
  void otherHostNames_areRefused() throws Exception {
    assertThat(statusLine("Host: evil.example")).contains("403");
    assertThat(statusLine("Host: localhost:" + watch.page().getPort())).contains("200");
  }

  @Test
  void page_isOnTheLoopbackAddressAlone() {
    assertThat(watch.page().getHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void portInUse_saysSo() {
    int port = watch.page().getPort();
    assertThatThrownBy(() -> Watch.open(port, Optional.empty()))
        .hasMessage("port %d: in use; give another one with --port".formatted(port));
  }

  @Test
  void events_tellOfPicturesAndTheirPreviews() throws Exception {
    byte[] picture =
        WatchServerTest.class.getResourceAsStream("/embedded-trace/scene.png").readAllBytes();
    EventIdentity identity = EventIdentity.of("a/b <i>", Instant.EPOCH);
    watch.image(ImageEvent.of(identity, Picture.ofBytes(picture, "image/png")));

    assertThat(firstEvent("\"preview\":true")).contains("\"eventId\":\"a/b <i>\"");
    HttpResponse<byte[]> preview =
        client.send(
            HttpRequest.newBuilder(watch.page().resolve("/previews/a%2Fb%20%3Ci%3E")).build(),
            BodyHandlers.ofByteArray());
    assertThat(preview.statusCode()).isEqualTo(200);
    assertThat(preview.headers().firstValue("Content-Type")).contains("image/jpeg");
    assertThat(preview.body()).startsWith(0xff, 0xd8, 0xff);
  }

  @Test
  void pageWithoutFlink_saysHowToSeeMore() throws Exception {
    assertThat(firstEvent("\"jobs\"")).contains("start with --flink URL");
  }

  /** The data of the first event with the words. */
  private String firstEvent(String words) throws Exception {
    HttpResponse<Stream<String>> events =
        client.send(
            HttpRequest.newBuilder(watch.page().resolve("/events")).build(),
            BodyHandlers.ofLines());
    try (var lines = events.body()) {
      return lines
          .filter(line -> line.startsWith("data: ") && line.contains(words))
          .findFirst()
          .orElseThrow();
    }
  }

  private String statusLine(String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), watch.page().getPort())) {
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET / HTTP/1.1\r\n" + host + "\r\nConnection: close\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      return new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
          .readLine();
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create(watch.page().toString().replaceAll("/$", "") + path);
    return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
