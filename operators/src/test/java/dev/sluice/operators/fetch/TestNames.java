package dev.sluice.operators.fetch;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Names as a test wants them, without a network; addresses in any spelling as the system reads
 * them. Thread-safe.
 */
final class TestNames implements DnsResolver {
  private final Map<String, Deque<List<String>>> answers = new ConcurrentHashMap<>();
  private final AtomicInteger asked = new AtomicInteger();

  /** Answers with these addresses from now on. */
  TestNames with(String host, String... addresses) {
    answers.put(host, new ArrayDeque<>(List.of(List.of(addresses))));
    return this;
  }

  /** After the answers it has, gives this one. */
  TestNames then(String host, String... addresses) {
    answers.get(host).addLast(List.of(addresses));
    return this;
  }

  int asked() {
    return asked.get();
  }

  @Override
  public synchronized InetAddress[] resolve(String host) throws UnknownHostException {
    asked.incrementAndGet();
    Deque<List<String>> known = answers.get(host);
    if (known != null) {
      List<String> answer = known.size() > 1 ? known.removeFirst() : known.getFirst();
      InetAddress[] addresses = new InetAddress[answer.size()];
      for (int i = 0; i < addresses.length; i++) {
        addresses[i] = InetAddress.getByName(answer.get(i));
      }
      return addresses;
    }
    if (host.startsWith("[") || Character.isDigit(host.charAt(0))) {
      return InetAddress.getAllByName(host);
    }
    throw new UnknownHostException(host);
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    throw new UnsupportedOperationException();
  }
}
