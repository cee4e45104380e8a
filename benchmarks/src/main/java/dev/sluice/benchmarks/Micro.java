package dev.sluice.benchmarks;

import java.io.IOException;
import org.openjdk.jmh.Main;

/** Small parts by themselves, by JMH: {@code benchmarks/run Micro [OPTION...] [REGEX...]}. */
public final class Micro {
  private Micro() {}

  /**
   * @param args JMH's own, {@code -h} lists them
   */
  public static void main(String[] args) throws IOException {
    Main.main(args);
  }
}
