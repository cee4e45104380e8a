package dev.sluice.operators.fetch;

import dev.sluice.operators.FetchOptions;
import dev.sluice.operators.FetchOptions.Places;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which places a picture may be fetched from, by the words of its URI alone. Immutable.
 *
 * <p>Whatever is not plainly allowed is refused, and so is every spelling that two readers could
 * understand differently: no characters beyond ASCII, no escapes in hosts, no credentials.
 */
final class SourcePolicy {
  static final String HTTPS = "https";
  static final String HTTP = "http";
  static final String FILE = "file";

  private static final int MAX_LENGTH = 4096;
  private static final int SHOWN_LENGTH = 200;
  private static final String WILDCARD = "*.";
  private static final Pattern NUMBER_AT_END = Pattern.compile("(^|\\.)(\\d+|0[xX][0-9a-fA-F]*)$");
  private static final Pattern DOTTED_QUAD =
      Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

  private final Places places;
  private final Set<String> schemes;

  SourcePolicy(Places places) {
    this.places = places;
    this.schemes = Set.copyOf(places.schemes());
  }

  /**
   * The URI of an event.
   *
   * @throws FetchRejectedException if it does not name a place that is allowed
   */
  URI check(String text) {
    return checked(parse(text));
  }

  /**
   * Where a server sends us on to; checked as the first place was.
   *
   * @throws FetchRejectedException if it does not name a place that is allowed
   */
  URI checkRedirect(URI from, String location) {
    URI target = checked(from.resolve(parse(location)));
    if (!isHttp(target)) {
      throw refused(target, "http or https after a redirect", scheme(target));
    }
    if (scheme(from).equals(HTTPS) && scheme(target).equals(HTTP)) {
      throw refused(target, "https after https", "a redirect to http");
    }
    return target;
  }

  static boolean isHttp(URI uri) {
    return scheme(uri).equals(HTTP) || scheme(uri).equals(HTTPS);
  }

  static String scheme(URI uri) {
    return uri.getScheme().toLowerCase(Locale.ROOT);
  }

  /** For messages: without query and fragment, which may hold a signature. */
  static String shown(URI uri) {
    String authority = uri.getHost() == null ? "" : uri.getHost();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String whole = uri.getScheme() + "://" + authority + path;
    return whole.length() <= SHOWN_LENGTH ? whole : whole.substring(0, SHOWN_LENGTH) + "…";
  }

  private static URI parse(String text) {
    boolean plain = text.length() <= MAX_LENGTH && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    try {
      if (plain) {
        return new URI(text);
      }
    } catch (URISyntaxException e) {
      // Said below, without the text: it is a stranger's.
    }
    throw FetchRejectedException.forbidden(
        "uri: expected a URI of ASCII characters, at most %d, found %d that are not one"
            .formatted(MAX_LENGTH, text.length()));
  }

  private URI checked(URI uri) {
    if (!uri.isAbsolute() || uri.isOpaque()) {
      throw FetchRejectedException.forbidden(
          "uri: expected scheme://host/path, found %s"
              .formatted(uri.isAbsolute() ? "'" + short20(scheme(uri)) + ":'" : "no scheme"));
    }
    if (!schemes.contains(scheme(uri))) {
      throw refused(
          uri, "a scheme of " + FetchOptions.SCHEMES.key(), "'" + short20(scheme(uri)) + "'");
    }
    String authority = uri.getRawAuthority();
    if (authority != null && authority.indexOf('@') >= 0) {
      throw refused(uri, "no credentials", "some");
    }
    if (scheme(uri).equals(FILE)) {
      return checkedFile(uri);
    }
    checkHost(uri);
    checkPort(uri);
    return uri;
  }

  private static URI checkedFile(URI uri) {
    if (uri.getRawAuthority() != null || uri.getRawQuery() != null) {
      throw refused(uri, "file:///path", "a host or a query");
    }
    return uri;
  }

  private void checkHost(URI uri) {
    String host = uri.getHost();
    if (host == null || isOddAddress(host)) {
      throw refused(uri, "a host's name or address", "neither");
    }
    if (!isAllowed(host.toLowerCase(Locale.ROOT))) {
      throw refused(uri, "a host of " + FetchOptions.HOSTS.key(), "another");
    }
  }

  /** A number in octal, hexadecimal or with parts left out, which resolvers read differently. */
  private static boolean isOddAddress(String host) {
    return NUMBER_AT_END.matcher(host).find() && !DOTTED_QUAD.matcher(host).matches();
  }

  private boolean isAllowed(String host) {
    return places.hosts().stream()
        .anyMatch(
            allowed ->
                allowed.startsWith(WILDCARD)
                    ? host.endsWith(allowed.substring(1)) && host.length() >= allowed.length()
                    : host.equals(allowed));
  }

  private void checkPort(URI uri) {
    int port = uri.getPort();
    if (port != -1 && port != defaultPort(uri) && !places.ports().contains(port)) {
      throw refused(
          uri, "the usual port or one of " + FetchOptions.PORTS.key(), String.valueOf(port));
    }
  }

  private static int defaultPort(URI uri) {
    return switch (scheme(uri)) {
      case HTTP -> 80;
      case HTTPS -> 443;
      default -> -1;
    };
  }

  private static FetchRejectedException refused(URI uri, String expected, String found) {
    return FetchRejectedException.forbidden(
        "%s: expected %s, found %s".formatted(shown(uri), expected, found));
  }

  private static String short20(String text) {
    return text.length() <= 20 ? text : text.substring(0, 20) + "…";
  }
}
