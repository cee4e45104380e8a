package dev.sluice.operators.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.operators.CacheOptions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResultCacheTest {
  private static final long VALUE_BYTES = 50;
  private static final long ENTRY_BYTES = 200;

  private long now = 1_000_000;

  @Test
  void sameHash_ofAnotherLengthOrQuestion_isAMiss() {
    ResultCache<String> cache = cache(9, 9 * ENTRY_BYTES);
    cache.put(new ResultKey("a", 3, "q"), "cat", VALUE_BYTES, 0);

    assertThat(cache.get(new ResultKey("a", 3, "q"))).contains("cat");
    assertThat(cache.get(new ResultKey("a", 4, "q"))).isEmpty();
    assertThat(cache.get(new ResultKey("a", 3, "r"))).isEmpty();
    assertThat(cache.get(new ResultKey("b", 3, "q"))).isEmpty();
  }

  @Test
  void maxEntries_dropsTheLongestUnused() {
    ResultCache<String> cache = cache(2, 9 * ENTRY_BYTES);
    put(cache, "a");
    put(cache, "b");
    cache.get(key("a"));
    put(cache, "c");

    assertThat(cache.get(key("b"))).isEmpty();
    assertThat(cache.get(key("a"))).isPresent();
    assertThat(cache.get(key("c"))).isPresent();
    assertThat(cache.size()).isEqualTo(2);
  }

  @Test
  void maxBytes_dropsTheLongestUnusedAndNeverTakesWhatIsLarger() {
    ResultCache<String> cache = cache(9, 2 * ENTRY_BYTES);
    put(cache, "a");
    put(cache, "b");
    put(cache, "c");
    assertThat(cache.bytes()).isEqualTo(2 * ENTRY_BYTES);
    assertThat(cache.get(key("a"))).isEmpty();

    cache.put(key("huge"), "huge", 2 * ENTRY_BYTES, 0);
    assertThat(cache.get(key("huge"))).isEmpty();
    assertThat(cache.get(key("b"))).isPresent();
  }

  @Test
  void ttl_runsFromTheComputationAndIsNotProlongedByUse() {
    ResultCache<String> cache = cache(9, 9 * ENTRY_BYTES);
    put(cache, "a");
    now += 9;
    assertThat(cache.get(key("a"))).isPresent();
    now += 1;
    assertThat(cache.get(key("a"))).isEmpty();
    assertThat(cache.bytes()).isZero();
  }

  @Test
  void putAgain_replaces() {
    ResultCache<String> cache = cache(9, 9 * ENTRY_BYTES);
    put(cache, "a");
    cache.put(key("a"), "other", VALUE_BYTES, 1);

    assertThat(cache.get(key("a"))).contains("other");
    assertThat(cache.bytes()).isEqualTo(ENTRY_BYTES);
    assertThat(cache.entriesOf(0)).isEmpty();
  }

  @Test
  void restored_keepsOrderAndTime() {
    ResultCache<String> before = cache(9, 9 * ENTRY_BYTES);
    put(before, "a");
    now += 5;
    put(before, "b");
    put(before, "c");
    before.get(key("b"));
    List<ResultCache.Entry<String>> written = before.entriesOf(0);

    now += 5;
    ResultCache<String> after = cache(1, 9 * ENTRY_BYTES);
    written.forEach(after::restore);

    assertThat(after.get(key("a"))).as("expired").isEmpty();
    assertThat(after.get(key("c"))).as("longest unused").isEmpty();
    assertThat(after.get(key("b"))).isPresent();
    now += 5;
    assertThat(after.get(key("b"))).as("ages on").isEmpty();
  }

  @Test
  void entriesOf_areOneSubtasksOwnWithoutTheExpired() {
    ResultCache<String> cache = cache(9, 9 * ENTRY_BYTES);
    put(cache, "old");
    now += 10;
    put(cache, "a");
    cache.put(key("b"), "b", VALUE_BYTES, 1);

    assertThat(cache.entriesOf(0)).extracting(ResultCache.Entry::value).containsExactly("a");
    assertThat(cache.entriesOf(1)).extracting(ResultCache.Entry::value).containsExactly("b");
    assertThat(cache.size()).isEqualTo(2);
  }

  private ResultCache<String> cache(int maxEntries, long maxBytes) {
    return new ResultCache<>(
        new CacheOptions.Limits(maxEntries, maxBytes, Duration.ofMillis(10)), () -> now);
  }

  private static void put(ResultCache<String> cache, String name) {
    cache.put(key(name), name, VALUE_BYTES, 0);
  }

  private static ResultKey key(String name) {
    return new ResultKey(name, 1, "question");
  }
}
