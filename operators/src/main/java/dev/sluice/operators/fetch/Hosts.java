package dev.sluice.operators.fetch;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The hosts that were asked lately. Thread-safe.
 *
 * <p>Their number is bounded, since a wildcard lets senders make up names: the one that was asked
 * longest ago is forgotten, with its failures.
 */
final class Hosts {
  private static final int MOST = 1000;

  private final Map<String, Host> byName =
      new LinkedHashMap<>(16, 0.75f, /* accessOrder= */ true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Host> eldest) {
          return size() > MOST;
        }
      };

  synchronized Host get(String name, Function<String, Host> make) {
    return byName.computeIfAbsent(name, make);
  }
}
