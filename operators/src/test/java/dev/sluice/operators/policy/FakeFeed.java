package dev.sluice.operators.policy;

import dev.sluice.serde.RecordOrigin;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A log of one partition in memory. Thread-safe; found by name since feeds travel serialized. */
record FakeFeed(String name) implements PolicyFeed {
  static final Instant WRITTEN = Instant.parse("2026-03-01T12:00:00Z");

  private static final Map<String, List<PolicyRecord>> LOGS = new ConcurrentHashMap<>();

  static FakeFeed named(String name) {
    LOGS.put(name, new ArrayList<>());
    return new FakeFeed(name);
  }

  void send(String json) {
    List<PolicyRecord> log = LOGS.get(name);
    synchronized (log) {
      RecordOrigin origin = new RecordOrigin("policies", 0, log.size(), null, Map.of());
      log.add(new PolicyRecord(origin, WRITTEN, json.getBytes(StandardCharsets.UTF_8)));
      log.notifyAll();
    }
  }

  @Override
  public Reader open(Map<Integer, Long> nextOffsets) {
    List<PolicyRecord> log = LOGS.get(name);
    int next = nextOffsets.getOrDefault(0, 0L).intValue();
    synchronized (log) {
      return new LogReader(log, next, log.size());
    }
  }

  private static final class LogReader implements Reader {
    private final List<PolicyRecord> log;
    private final int end;
    private int next;

    LogReader(List<PolicyRecord> log, int next, int end) {
      this.log = log;
      this.next = next;
      this.end = end;
    }

    @Override
    public List<PolicyRecord> poll() throws InterruptedException {
      synchronized (log) {
        while (next >= log.size()) {
          log.wait();
        }
        List<PolicyRecord> found = List.copyOf(log.subList(next, log.size()));
        next = log.size();
        return found;
      }
    }

    @Override
    public boolean isCaughtUp() {
      return next >= end;
    }

    @Override
    public void close() {}
  }
}
