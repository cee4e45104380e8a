package dev.sluice.jobs.local;

import java.nio.file.Path;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;

/** How a Flink within this process is set up. Stateless, thus thread-safe. */
public final class LocalFlink {
  private static final String LOOPBACK = "127.0.0.1";
  private static final MemorySize MANAGED = MemorySize.ofMebiBytes(16);
  private static final MemorySize NETWORK = MemorySize.ofMebiBytes(64);

  private LocalFlink() {}

  /**
   * Reachable from this machine alone, all files in one folder.
   *
   * @param webPort of its page, 0 for any
   */
  public static Configuration configuration(Path folder, int webPort) {
    Configuration configuration = new Configuration();
    configuration.set(RestOptions.ADDRESS, LOOPBACK);
    configuration.set(RestOptions.BIND_ADDRESS, LOOPBACK);
    configuration.set(RestOptions.BIND_PORT, String.valueOf(webPort));
    configuration.set(WebOptions.SUBMIT_ENABLE, false);
    configuration.set(WebOptions.CANCEL_ENABLE, false);
    configuration.set(WebOptions.TMP_DIR, folder.resolve("web").toString());
    configuration.set(WebOptions.UPLOAD_DIR, folder.resolve("upload").toString());
    configuration.set(BlobServerOptions.STORAGE_DIRECTORY, folder.resolve("blobs").toString());
    configuration.set(CoreOptions.TMP_DIRS, folder.resolve("tmp").toString());
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED);
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, NETWORK);
    return configuration;
  }
}
