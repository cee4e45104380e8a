package dev.sluice.operators.fetch;

import dev.sluice.operators.FetchOptions;
import dev.sluice.serde.Rejection.Category;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.util.Timeout;

/**
 * Pictures over HTTP. Thread-safe.
 *
 * <p>The client does as little as it can: no redirects, retries, cookies, credentials, proxies or
 * decompression of its own. A redirect is followed here, after the same checks as the first place.
 */
final class HttpSource implements PictureSource {
  private static final int MAX_HEADERS = 100;
  private static final int MAX_HEADER_LENGTH = 8192;
  private static final Set<Integer> REDIRECTS =
      Set.of(
          HttpStatus.SC_MOVED_PERMANENTLY,
          HttpStatus.SC_MOVED_TEMPORARILY,
          HttpStatus.SC_SEE_OTHER,
          HttpStatus.SC_TEMPORARY_REDIRECT,
          HttpStatus.SC_PERMANENT_REDIRECT);

  private final SourcePolicy places;
  private final int maxRedirects;
  private final CloseableHttpClient client;

  /**
   * @param names whatever it answers is checked against the addresses that are allowed
   */
  HttpSource(FetchOptions options, SourcePolicy places, DnsResolver names, SSLContext tls) {
    this.places = places;
    this.maxRedirects = options.limits().maxRedirects();
    this.client =
        client(
            options.limits(),
            new CheckedDnsResolver(names, new AddressPolicy(options.places().privateNetworks())),
            tls);
  }

  @Override
  public byte[] read(URI uri, Transfer transfer) throws IOException {
    URI place = uri;
    for (int redirects = 0; redirects <= maxRedirects; redirects++) {
      HttpGet request = new HttpGet(place);
      transfer.breakOffWith(request::cancel);
      transfer.checkGoingOn();
      try (ClassicHttpResponse response = client.executeOpen(null, request, null)) {
        try {
          if (!REDIRECTS.contains(response.getCode())) {
            return body(response, place, transfer);
          }
          place = places.checkRedirect(place, location(response, place));
        } finally {
          request.cancel(); // or closing would read what is left of the body, which may be endless
        }
      } catch (SSLHandshakeException | SSLPeerUnverifiedException e) {
        throw failed(place, "a certificate for its name", "another or none");
      }
    }
    throw failed(uri, "at most %d redirects".formatted(maxRedirects), "more");
  }

  @Override
  public void close() {
    client.close(org.apache.hc.core5.io.CloseMode.IMMEDIATE);
  }

  private static byte[] body(ClassicHttpResponse response, URI place, Transfer transfer)
      throws IOException {
    int status = response.getCode();
    if (isTransient(status)) {
      throw new TransientFetchException(
          Category.FETCH_FAILED,
          "%s: expected 200, found %d".formatted(SourcePolicy.shown(place), status),
          RetryAfter.parse(header(response, HttpHeaders.RETRY_AFTER).orElse("")));
    }
    HttpEntity entity = response.getEntity();
    if (status != HttpStatus.SC_OK || entity == null) {
      throw failed(place, "200 with a body", String.valueOf(status));
    }
    Optional<String> encoding = header(response, HttpHeaders.CONTENT_ENCODING);
    if (encoding.isPresent() && !encoding.get().equalsIgnoreCase("identity")) {
      throw failed(place, "a body as it is", "an encoded one");
    }
    return transfer.readAll(entity.getContent(), entity.getContentLength());
  }

  private static boolean isTransient(int status) {
    return status >= HttpStatus.SC_SERVER_ERROR
        || status == HttpStatus.SC_REQUEST_TIMEOUT
        || status == HttpStatus.SC_TOO_MANY_REQUESTS;
  }

  private static String location(ClassicHttpResponse response, URI place) {
    return header(response, HttpHeaders.LOCATION)
        .orElseThrow(() -> failed(place, "a location to go on to", "none"));
  }

  private static Optional<String> header(ClassicHttpResponse response, String name) {
    return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
  }

  private static FetchRejectedException failed(URI place, String expected, String found) {
    return new FetchRejectedException(
        Category.FETCH_FAILED,
        "%s: expected %s, found %s".formatted(SourcePolicy.shown(place), expected, found));
  }

  private static CloseableHttpClient client(
      FetchOptions.Limits limits, DnsResolver names, SSLContext tls) {
    Timeout whole = Timeout.of(limits.timeout());
    ConnectionConfig connections =
        ConnectionConfig.custom()
            .setConnectTimeout(Timeout.of(limits.connectTimeout()))
            .setSocketTimeout(whole)
            .build();
    Http1Config headers =
        Http1Config.custom()
            .setMaxHeaderCount(MAX_HEADERS)
            .setMaxLineLength(MAX_HEADER_LENGTH)
            .build();
    return HttpClients.custom()
        .setConnectionManager(
            PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(names)
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
                .setConnectionFactory(
                    ManagedHttpClientConnectionFactory.builder().http1Config(headers).build())
                .setDefaultConnectionConfig(connections)
                .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(whole).build())
                .setMaxConnTotal(limits.concurrency())
                .setMaxConnPerRoute(limits.concurrency())
                .build())
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setResponseTimeout(whole)
                .setConnectionRequestTimeout(whole)
                .build())
        .setUserAgent("sluice")
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .disableDefaultUserAgent()
        .build();
  }
}
