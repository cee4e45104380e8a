package dev.sluice.jobs.watch;

import dev.sluice.jobs.files.Preview;
import dev.sluice.models.image.PictureRejectedException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Small copies of the newest pictures. Thread-safe.
 *
 * <p>They are made by one thread from a short queue: where pictures pass faster than that, some go
 * without a preview rather than that anything waits or grows.
 */
final class Previews implements AutoCloseable {
  private static final int LONGEST_SIDE = 720;
  private static final int MOST_WAITING = 32;
  private static final long MOST_BYTES = 128L << 20;

  private final Preview preview = new Preview(LONGEST_SIDE);
  private final Map<String, byte[]> jpegs = new LinkedHashMap<>();
  private final ThreadPoolExecutor maker =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          Previews::thread,
          new ThreadPoolExecutor.DiscardPolicy());
  private long bytes;

  /**
   * Makes a preview when there is time.
   *
   * @param made told when it can be had
   */
  void offer(String eventId, byte[] encoded, Runnable made) {
    maker.execute(
        () -> {
          try {
            put(eventId, preview.jpegOf(encoded));
            made.run();
          } catch (PictureRejectedException | RuntimeException e) {
            // The job says what is wrong with the picture; here there is nothing to show.
          }
        });
  }

  /** The preview, a JPEG, unless there was none or it is too long ago. */
  synchronized Optional<byte[]> get(String eventId) {
    return Optional.ofNullable(jpegs.get(eventId));
  }

  @Override
  public void close() {
    maker.shutdownNow();
  }

  private synchronized void put(String eventId, byte[] jpeg) {
    byte[] before = jpegs.put(eventId, jpeg);
    bytes += jpeg.length - (before == null ? 0 : before.length);
    while (bytes > MOST_BYTES) {
      byte[] oldest = jpegs.remove(jpegs.keySet().iterator().next());
      bytes -= oldest.length;
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "watch-previews");
    thread.setDaemon(true);
    return thread;
  }
}
