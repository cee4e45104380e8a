package dev.sluice.operators.device;

import dev.sluice.serde.Rejection;
import java.util.List;
import java.util.Locale;

/** Tells the device's "out of memory" from every other trouble, by libtorch's words. */
final class OutOfMemory {
  private static final List<String> WORDS =
      List.of("out of memory", "not enough memory", "can't allocate memory", "status_alloc_failed");

  private OutOfMemory() {}

  static boolean is(Throwable failure) {
    if (!(failure instanceof RuntimeException) || failure.getMessage() == null) {
      return false;
    }
    String message = failure.getMessage().toLowerCase(Locale.ROOT);
    return WORDS.stream().anyMatch(message::contains);
  }

  static ImageRejectedException rejection(String work) {
    return new ImageRejectedException(
        Rejection.Category.OUT_OF_MEMORY,
        work + ": the device ran out of memory on this picture alone");
  }
}
