package dev.sluice.jobs.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the system says of this process's memory. Stateless. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMemory() {}

  /** Resident now. */
  public static long residentBytes() {
    return bytes("VmRSS:");
  }

  /** The most that was ever resident. */
  public static long peakBytes() {
    return bytes("VmHWM:");
  }

  private static long bytes(String key) {
    try (var lines = Files.lines(STATUS)) {
      String line = lines.filter(text -> text.startsWith(key)).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", "")) << 10;
    } catch (IOException e) {
      throw new UncheckedIOException(STATUS + ": cannot be read", e);
    }
  }
}
