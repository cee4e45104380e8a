package dev.sluice.operators.fetch;

import dev.sluice.operators.FetchOptions;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressNetwork.IPAddressGenerator;
import inet.ipaddr.IPAddressString;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses may be connected to: public ones, and the private networks that were allowed.
 * Immutable.
 *
 * <p>After the IANA special-purpose address registries. Of IPv6 only global unicast is public; what
 * carries an IPv4 address inside (6to4, Teredo, mapped, compatible, translated) is refused as a
 * whole, apart from NAT64's well-known prefix, where the address inside decides.
 */
final class AddressPolicy {
  private static final List<IPAddress> SPECIAL =
      networks(
          Stream.of(
              "0.0.0.0/8", // this network
              "10.0.0.0/8", // private
              "100.64.0.0/10", // carriers' translation; a cloud's metadata
              "127.0.0.0/8", // loopback
              "168.63.129.16", // Azure's wire server, reachable from its machines alone
              "169.254.0.0/16", // link-local; clouds' metadata
              "172.16.0.0/12", // private
              "192.0.0.0/24", // protocol assignments; a cloud's metadata
              "192.0.2.0/24", // documentation
              "192.31.196.0/24", // AS112
              "192.52.193.0/24", // AMT
              "192.88.99.0/24", // 6to4 relays
              "192.168.0.0/16", // private
              "192.175.48.0/24", // AS112
              "198.18.0.0/15", // benchmarks
              "198.51.100.0/24", // documentation
              "203.0.113.0/24", // documentation
              "224.0.0.0/4", // multicast
              "240.0.0.0/4", // reserved, broadcast
              "2001::/23", // protocol assignments: Teredo, benchmarks, ORCHID
              "2001:db8::/32", // documentation
              "2002::/16", // 6to4
              "2620:4f:8000::/48", // AS112
              "3fff::/20")); // documentation

  private static final IPAddress GLOBAL_UNICAST = network("2000::/3");
  private static final IPAddress NAT64 = network("64:ff9b::/96");
  private static final int IPV4_IN_NAT64 = 12;

  private final List<IPAddress> allowedPrivate;

  /**
   * @throws IllegalArgumentException if a network is not one
   */
  AddressPolicy(List<String> privateNetworks) {
    this.allowedPrivate = networks(privateNetworks.stream());
  }

  /** Whether a picture may be fetched from there. */
  boolean allows(InetAddress address) {
    // Java itself turns an IPv4-mapped address into the IPv4 address.
    IPAddress found = new IPAddressGenerator().from(address.getAddress());
    return isIn(allowedPrivate, found) || isPublic(found);
  }

  private static boolean isPublic(IPAddress address) {
    if (NAT64.contains(address)) {
      byte[] bytes = address.getBytes();
      byte[] inside = Arrays.copyOfRange(bytes, IPV4_IN_NAT64, bytes.length);
      return isPublic(new IPAddressGenerator().from(inside));
    }
    return (address.isIPv4() || GLOBAL_UNICAST.contains(address)) && !isIn(SPECIAL, address);
  }

  private static boolean isIn(List<IPAddress> networks, IPAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  private static List<IPAddress> networks(Stream<String> texts) {
    return texts.map(AddressPolicy::network).toList();
  }

  private static IPAddress network(String text) {
    try {
      return new IPAddressString(text).toAddress().toPrefixBlock();
    } catch (AddressStringException e) {
      throw new IllegalArgumentException(
          "%s: expected networks such as 10.20.0.0/16, found '%s'"
              .formatted(FetchOptions.PRIVATE_NETWORKS.key(), text),
          e);
    }
  }
}
