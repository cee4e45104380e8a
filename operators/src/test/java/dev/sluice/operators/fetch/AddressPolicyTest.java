package dev.sluice.operators.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  private static final AddressPolicy PUBLIC_ONLY = new AddressPolicy(List.of());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "93.184.215.14",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001:80b::200e",
        "64:ff9b::5db8:d70e",
        "::ffff:93.184.215.14"
      })
  void publicAddress_isAllowed(String address) throws UnknownHostException {
    assertThat(PUBLIC_ONLY.allows(InetAddress.getByName(address))).isTrue();
  }

  @Test
  void privateNetwork_isAllowedWhereItIsNamed() throws UnknownHostException {
    AddressPolicy policy = new AddressPolicy(List.of("10.20.0.0/16", "127.0.0.1", "fd00:1::/32"));

    assertThat(policy.allows(InetAddress.getByName("10.20.255.1"))).isTrue();
    assertThat(policy.allows(InetAddress.getByName("10.21.0.1"))).isFalse();
    assertThat(policy.allows(InetAddress.getByName("127.0.0.1"))).isTrue();
    assertThat(policy.allows(InetAddress.getByName("127.0.0.2"))).isFalse();
    assertThat(policy.allows(InetAddress.getByName("fd00:1::7"))).isTrue();
    assertThat(policy.allows(InetAddress.getByName("fd00:2::7"))).isFalse();
    assertThat(policy.allows(InetAddress.getByName("169.254.169.254"))).isFalse();
  }

  @Test
  void wrongNetwork_isNamed() {
    assertThatThrownBy(() -> new AddressPolicy(List.of("10.20.0.0/x")))
        .hasMessage(
            "sluice.fetch.private-networks: expected networks such as 10.20.0.0/16, found"
                + " '10.20.0.0/x'");
  }
}
