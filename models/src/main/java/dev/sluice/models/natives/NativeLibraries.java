package dev.sluice.models.natives;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads native libraries while no other process of this user does. Thread-safe.
 *
 * <p>JavaCPP unpacks libraries into a folder that all processes of a user share, but lets the
 * second process map a library that the first is still writing, which kills it with SIGBUS
 * (bytedeco/javacpp#608): two TaskManagers that start together on a new machine are enough.
 */
public final class NativeLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
  private static final String LOCK_FILE = "sluice.lock";

  private NativeLibraries() {}

  /**
   * @param firstUse uses a native library for the first time in this process
   */
  public static void load(Runnable firstUse) {
    synchronized (NativeLibraries.class) {
      try (FileChannel channel = openLockFile()) {
        lock(channel);
        firstUse.run();
      } catch (IOException e) {
        LOG.debug("native libraries: the lock could not be released", e);
      }
    }
  }

  /** Released with its channel. */
  private static void lock(@Nullable FileChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      FileLock unused = channel.lock();
    } catch (IOException e) {
      LOG.debug("native libraries: no lock, as where file systems have none", e);
    }
  }

  /** Null where nothing can be written, and thus nothing is unpacked. */
  private static @Nullable FileChannel openLockFile() {
    try {
      File folder = Loader.getCacheDir();
      return FileChannel.open(
          Path.of(folder.getPath(), LOCK_FILE),
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      LOG.debug("native libraries: no lock file", e);
      return null;
    }
  }
}
