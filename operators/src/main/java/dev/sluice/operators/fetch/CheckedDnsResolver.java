package dev.sluice.operators.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Resolves a host and refuses it unless all its addresses may be connected to. Thread-safe.
 *
 * <p>The client connects to exactly what is returned here and asks nobody again, so that a name
 * cannot change its address between the check and the connection. TLS still goes by the name.
 */
final class CheckedDnsResolver implements DnsResolver {
  private final DnsResolver names;
  private final AddressPolicy addresses;

  CheckedDnsResolver(DnsResolver names, AddressPolicy addresses) {
    this.names = names;
    this.addresses = addresses;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    InetAddress[] found = names.resolve(host);
    if (found == null || found.length == 0) {
      throw new UnknownHostException(host);
    }
    for (InetAddress address : found) {
      if (!addresses.allows(address)) {
        throw FetchRejectedException.forbidden(
            "host %s: expected public addresses, or those of sluice.fetch.private-networks, found %s"
                .formatted(host, address.getHostAddress()));
      }
    }
    return found;
  }

  /** The name as it was given: nothing here needs another one. */
  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}
