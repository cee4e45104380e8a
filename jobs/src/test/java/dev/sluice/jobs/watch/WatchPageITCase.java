package dev.sluice.jobs.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.Rejection;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page in a real browser, with more than fits and with words that mean harm. */
class WatchPageITCase {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MANY = 3000;
  private static final String HOSTILE = "<img src=x onerror=\"document.title='harmed'\">";

  @TempDir private Path profile;

  @Test
  void thousandsOfPictures_areAllThereAndFewInTheDocument() throws Exception {
    try (Watch watch = Watch.open(0, Optional.empty());
        Browser browser = Browser.open(profile)) {
      for (int i = 1; i <= MANY; i++) {
        watch.rejection(rejection("event-" + i, "not an image"));
      }
      browser.size(1280, 900).colours("light").go(watch.page());
      await().atMost(PATIENCE).until(() -> total(browser) == MANY);
      assertThat(browser.all("article")).hasSizeBetween(8, 60);

      browser.evaluate("scrollTo(0, document.documentElement.scrollHeight)");
      await().atMost(PATIENCE).until(() -> browser.texts("article h3").contains("event-1"));
      assertThat(browser.all("article")).hasSizeBetween(4, 60);

      // While the reader is down here nothing moves; what is new waits to be asked for.
      watch.rejection(rejection("newest", "not an image"));
      await().atMost(PATIENCE).until(() -> browser.texts("#newer").contains("Show 1 new"));
      assertThat(browser.texts("article h3")).contains("event-1");
      browser.all("#newer").get(0).click();
      await().atMost(PATIENCE).until(() -> browser.texts("article h3").get(0).equals("newest"));
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void wordsOfStrangers_stayWords() throws Exception {
    try (Watch watch = Watch.open(0, Optional.empty());
        Browser browser = Browser.open(profile)) {
      watch.rejection(rejection(HOSTILE, HOSTILE));
      browser.size(1280, 900).colours("dark").go(watch.page());
      await().atMost(PATIENCE).until(() -> browser.texts("article h3").equals(List.of(HOSTILE)));
      assertThat(browser.texts("article .reason").get(0)).endsWith(HOSTILE);
      assertThat(browser.all("article img")).isEmpty();
      assertThat(browser.<String>evaluate("return document.title")).startsWith("Sluice");
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  void keyboard_reachesFiltersPicturesAndDetails() throws Exception {
    try (Watch watch = Watch.open(0, Optional.empty());
        Browser browser = Browser.open(profile)) {
      for (int i = 1; i <= 30; i++) {
        watch.rejection(rejection("event-" + i, "not an image"));
      }
      browser.size(1280, 900).colours("light").go(watch.page());
      await().atMost(PATIENCE).until(() -> total(browser) == 30);

      browser.tabTo("#filters input");
      browser.tabTo("#search");
      browser.tabTo("article button");
      String first = focused(browser);
      browser.press(Keys.PAGE_DOWN);
      assertThat(focused(browser)).isNotEqualTo(first);
      browser.press(Keys.PAGE_UP);
      assertThat(focused(browser)).isEqualTo(first);
      browser.press(Keys.ENTER);
      await().atMost(PATIENCE).until(() -> browser.texts("dialog[open] h2").contains(first));
      browser.press(Keys.ESCAPE);
      await().atMost(PATIENCE).until(() -> browser.all("dialog[open]").isEmpty());
      assertThat(focused(browser)).isEqualTo(first);

      browser.tabTo("#pause");
      browser.press(Keys.SPACE);
      watch.rejection(rejection("held", "not an image"));
      await().atMost(PATIENCE).until(() -> browser.texts("#newer").contains("Show 1 new"));
      assertThat(browser.texts("article h3")).doesNotContain("held");
    }
  }

  private static int total(Browser browser) {
    return Integer.parseInt(
        browser.evaluate(
            "return document.querySelector('article')?.getAttribute('aria-setsize') ?? '0'"));
  }

  private static String focused(Browser browser) {
    return browser.evaluate("return document.activeElement.textContent");
  }

  private static Rejection rejection(String eventId, String message) {
    return new Rejection(
        EventIdentity.of(eventId, Instant.EPOCH),
        null,
        Rejection.Stage.SLICE,
        Rejection.Category.UNREADABLE_IMAGE,
        message,
        1);
  }
}
