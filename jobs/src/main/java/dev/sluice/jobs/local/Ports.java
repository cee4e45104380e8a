package dev.sluice.jobs.local;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Ports on the loopback address. Stateless. */
public final class Ports {
  private Ports() {}

  /** The usual port where it is free, otherwise 0 for any. */
  public static int usualOrAny(int usual) throws IOException {
    try (ServerSocket free = new ServerSocket(usual, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (BindException e) {
      return 0;
    }
  }
}
