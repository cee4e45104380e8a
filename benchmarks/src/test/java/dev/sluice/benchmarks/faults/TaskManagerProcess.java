package dev.sluice.benchmarks.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a TaskManager's process holds once garbage and freed memory are gone. Immutable.
 *
 * @param jobClassLoaders of jobs, running or leaked
 */
record TaskManagerProcess(long metaspaceKib, long threads, long residentKib, long jobClassLoaders) {

  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final int ATTEMPTS = 40;

  /** Waits for Flink to let go of the class loaders of jobs that have ended, for a while. */
  static TaskManagerProcess afterTheLastJob(long pid) throws IOException, InterruptedException {
    TaskManagerProcess measured = measure(pid);
    for (int i = 0; i < ATTEMPTS && measured.jobClassLoaders > 0; i++) {
      Thread.sleep(PAUSE.toMillis());
      measured = measure(pid);
    }
    return measured;
  }

  private static TaskManagerProcess measure(long pid) throws IOException, InterruptedException {
    // The second takes what the first has made unreachable: soft references, finalizers.
    jcmd(pid, "GC.run");
    jcmd(pid, "GC.run");
    // What is left then is held: glibc keeps of what was freed as much as it likes.
    jcmd(pid, "System.trim_native_heap");
    return new TaskManagerProcess(
        metaspaceKib(jcmd(pid, "GC.heap_info")),
        status(pid, "Threads:"),
        status(pid, "VmRSS:"),
        jcmd(pid, "VM.classloaders").lines().filter(line -> line.contains("ChildFirst")).count());
  }

  private static long metaspaceKib(String heapInfo) {
    String line =
        heapInfo.lines().filter(each -> each.contains("Metaspace")).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll(".*used (\\d+)K.*", "$1"));
  }

  private static long status(long pid, String key) throws IOException {
    return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
        .filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  private static String jcmd(long pid, String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                String.valueOf(pid),
                command)
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("jcmd " + pid + " " + command + ": " + output);
    }
    return output;
  }
}
