package dev.sluice.operators.memory;

import java.io.Serializable;
import java.util.function.LongSupplier;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.MemorySize;

/**
 * How much memory a process may use on a device: a size, or a share of what the device has.
 * Immutable.
 *
 * @param bytes 0 where a share is meant
 * @param share 0 where a size is meant
 */
@PublicEvolving
public record MemoryBudget(long bytes, double share) implements Serializable {
  public MemoryBudget {
    if ((bytes > 0) == (share > 0) || bytes < 0 || share < 0 || share > 1) {
      throw new IllegalArgumentException(
          "sluice.memory.budget: expected a size such as 6 gb or a share such as 50%, found "
              + bytes
              + " bytes and "
              + share * 100
              + "%");
    }
  }

  /** Reads {@code 6 gb}, {@code 512m} or {@code 50%}. */
  public static MemoryBudget parse(String text) {
    String trimmed = text.trim();
    try {
      if (trimmed.endsWith("%")) {
        String percent = trimmed.substring(0, trimmed.length() - 1).trim();
        return new MemoryBudget(0, Double.parseDouble(percent) / 100);
      }
      return new MemoryBudget(MemorySize.parseBytes(trimmed), 0);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "sluice.memory.budget: expected a size such as 6 gb or a share such as 50%, found '"
              + text
              + "'",
          e);
    }
  }

  /**
   * The budget in bytes.
   *
   * @param deviceBytes how much memory the device has; asked only for a share
   */
  public long bytesOf(LongSupplier deviceBytes) {
    return share > 0 ? (long) (deviceBytes.getAsLong() * share) : bytes;
  }

  @Override
  public String toString() {
    return share > 0 ? share * 100 + "%" : bytes + " bytes";
  }
}
