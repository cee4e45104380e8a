package dev.sluice.models.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesITCase {
  @TempDir private Path folder;

  /** Without the lock the second dies of SIGBUS, nearly always. */
  @Test
  void twoProcesses_thatUnpackAtTheSameTime_bothLive() throws Exception {
    Process first = start("first");
    Process second = start("second");
    assertThat(first.waitFor()).as(log("first")).isZero();
    assertThat(second.waitFor()).as(log("second")).isZero();
  }

  private Process start(String name) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
            "-Dorg.bytedeco.javacpp.cachedir=" + folder.resolve("cache"),
            "-XX:ErrorFile=" + folder.resolve("crash.log"),
            "-cp",
            System.getProperty("java.class.path"),
            LoadingMain.class.getName())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private String log(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"));
  }
}
