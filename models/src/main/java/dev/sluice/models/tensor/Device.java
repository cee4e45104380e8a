package dev.sluice.models.tensor;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.global.torch;

/**
 * Where tensors live: the processor's memory, or one CUDA device. Immutable.
 *
 * @param kind processor or CUDA
 * @param index which CUDA device, from 0; 0 for the processor
 */
public record Device(Kind kind, int index) {
  /** Where the processor computes. */
  public static final Device CPU = new Device(Kind.CPU, 0);

  private static final Pattern SYNTAX = Pattern.compile("(cpu|cuda)(?::([0-9]{1,2}))?");
  private static final int MAX_INDEX = 63;

  public Device {
    if (index < 0 || index > MAX_INDEX || (kind == Kind.CPU && index != 0)) {
      throw new IllegalArgumentException(
          "device: expected cpu or cuda:0 to cuda:"
              + MAX_INDEX
              + ", found "
              + kind
              + " with index "
              + index);
    }
  }

  /** What kind of processor computes. */
  public enum Kind {
    CPU,
    CUDA
  }

  /**
   * Reads {@code cpu}, {@code cuda} (the first one) or {@code cuda:1}.
   *
   * @throws IllegalArgumentException for any other name
   */
  public static Device parse(String name) {
    Matcher matcher = SYNTAX.matcher(name.trim().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "device: expected cpu, cuda or cuda:N, found '" + name + "'");
    }
    String number = matcher.group(2);
    int index = number == null ? 0 : Integer.parseInt(number);
    return new Device(matcher.group(1).equals("cpu") ? Kind.CPU : Kind.CUDA, index);
  }

  public boolean isCpu() {
    return kind == Kind.CPU;
  }

  public boolean isCuda() {
    return kind == Kind.CUDA;
  }

  /**
   * Checks that this process can compute here.
   *
   * @throws IllegalStateException if there is no such CUDA device
   */
  public void requireAvailable() {
    if (isCpu()) {
      return;
    }
    int found = torch.cuda_is_available() ? torch.cuda_device_count() : 0;
    if (index >= found) {
      throw new IllegalStateException(
          "device "
              + this
              + ": this process sees "
              + found
              + " CUDA devices; use cpu, or the CUDA build (-Pgpu) on a host with the driver");
    }
  }

  /**
   * Memory of this device, in bytes.
   *
   * @throws IllegalArgumentException for a CUDA device, which is not asked yet
   */
  public long memoryBytes() {
    if (isCuda()) {
      throw new IllegalArgumentException(
          "memory of " + this + ": expected a size such as 20 gb, found a share");
    }
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }

  /** A new native device; the caller, or its scope, closes it. */
  public org.bytedeco.pytorch.Device toTorch() {
    return new org.bytedeco.pytorch.Device(
        isCpu() ? torch.DeviceType.CPU : torch.DeviceType.CUDA, (byte) (isCpu() ? -1 : index));
  }

  /** {@code cpu} or {@code cuda:0}. */
  @Override
  public String toString() {
    return isCpu() ? "cpu" : "cuda:" + index;
  }
}
