package dev.sluice.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.jobs.watch.Browser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a running demo, as somebody sees it. */
class DemoPageITCase {
  private static final List<String> NODES =
      List.of("Kafka", "Gate", "slice", "encode", "caption", "judge");
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final double AA = 4.5;
  private static final Path SCREENSHOT = Path.of("target", "watch.png");

  @Test
  void page_showsPicturesSlicesVerdictsAndTheGate(@TempDir Path pictures, @TempDir Path profile)
      throws Exception {
    Files.writeString(pictures.resolve("broken.jpg"), "not a picture");
    Demo demo =
        new Demo(
            DemoPictures.of(pictures, OptionalInt.of(8)),
            new DemoRun.Request(
                OptionalInt.of(8),
                Optional.of(pictures),
                Optional.empty(),
                DemoRun.Ending.WHEN_STOPPED),
            new PrintWriter(new StringWriter()),
            new PrintWriter(new StringWriter()));
    try (Browser browser = Browser.open(profile)) {
      // Not in the common pool: Flink wants its threads, and here may be only one.
      CompletableFuture<Void> running =
          CompletableFuture.runAsync(() -> run(demo), task -> new Thread(task, "demo").start());
      try {
        await().atMost(PATIENCE).until(() -> demo.watchPage().isPresent() || running.isDone());
        browser.size(1440, 1000).colours("light").go(demo.watchPage().orElseThrow());

        await().atMost(PATIENCE).until(() -> browser.all("article .caption").size() >= 4);
        await().atMost(PATIENCE).until(() -> browser.all("article .labels .score").size() >= 4);
        await().atMost(PATIENCE).until(() -> browser.all("article svg.slices line").size() >= 4);
        await().atMost(PATIENCE).until(() -> browser.all("article .reason").size() == 1);
        // Each job's steps show once its metrics have been fetched.
        await().atMost(PATIENCE).until(() -> browser.texts(".node strong").containsAll(NODES));
        assertThat(browser.texts("article .reason").get(0))
            .startsWith("unreadable image, at slice: not an image");
        assertThat(browser.texts(".device .name")).containsExactly("Device cpu");
        assertThat(browser.worstContrast()).isGreaterThanOrEqualTo(AA);
        browser.screenshot(SCREENSHOT);

        browser.colours("dark");
        assertThat(browser.worstContrast()).isGreaterThanOrEqualTo(AA);

        browser.size(390, 844);
        assertThat(
                browser.<Number>evaluate("return document.documentElement.scrollWidth").intValue())
            .isLessThanOrEqualTo(390);
        assertThat(browser.complaints()).isEmpty();
      } finally {
        demo.stop();
      }
    }
  }

  private static void run(Demo demo) {
    try {
      demo.run();
    } catch (Exception e) {
      throw new IllegalStateException("the demo failed", e);
    }
  }
}
