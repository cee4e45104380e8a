package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.Scene.Item;
import dev.sluice.jobs.scenes.Scene.Small;
import dev.sluice.jobs.scenes.Scene.Tag;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Scanner;
import java.util.StringJoiner;

/**
 * Draws scenes for the trainer, which asks for them line by line on the standard input.
 *
 * <p>A request: {@code stream first count columns rows sliceWidth sliceHeight width height minItems
 * maxItems itemScale tagRate forbiddenRate avoidCuts}. For each scene the answer on the standard
 * output is the length of a JSON header (int32, big-endian), the header, the picture (uint8
 * [height, width, 3]) and which product covers each canvas unit (uint8 [canvas height, canvas
 * width]). Positions in the header are canvas units.
 */
public final class TrainingFeed {
  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final List<Colour> COLOURS = List.of(Colour.values());
  private static final List<Pattern> PATTERNS = List.of(Pattern.values());
  private static final List<Forbidden> LABELS = List.of(Forbidden.values());

  private TrainingFeed() {}

  /** Serves requests until the input ends. */
  public static void main(String[] args) throws IOException {
    PrintStream plain = System.out;
    try (BufferedReader requests =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(plain, 1 << 18))) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        answer(line, out);
        out.flush();
      }
    }
  }

  private static void answer(String line, DataOutputStream out) throws IOException {
    try (Scanner words = new Scanner(line)) {
      words.useLocale(Locale.ROOT);
      long stream = words.nextLong();
      long first = words.nextLong();
      int count = words.nextInt();
      CanvasPlan plan =
          new CanvasPlan(words.nextInt(), words.nextInt(), words.nextInt(), words.nextInt());
      int width = words.nextInt();
      int height = words.nextInt();
      SceneOptions options =
          new SceneOptions(
              words.nextInt(),
              words.nextInt(),
              words.nextDouble(),
              words.nextDouble(),
              words.nextDouble(),
              words.nextDouble());
      for (int i = 0; i < count; i++) {
        Scene scene = SceneGenerator.scene(SceneSeeds.training(stream, first + i), plan, options);
        byte[] header = header(scene).getBytes(StandardCharsets.UTF_8);
        out.writeInt(header.length);
        out.write(header);
        out.write(SceneRenderer.render(scene, width, height));
        out.write(InstanceMap.of(scene));
      }
    }
  }

  private static String header(Scene scene) {
    StringJoiner items = new StringJoiner(",", "[", "]");
    for (Item item : scene.items()) {
      items.add(
          "[%d,%d,%d,%s]"
              .formatted(
                  KINDS.indexOf(item.kind()),
                  COLOURS.indexOf(item.colour()),
                  PATTERNS.indexOf(item.pattern()),
                  numbers(item.box())));
    }
    String tag = scene.tag().map(TrainingFeed::tag).orElse("null");
    String forbidden =
        scene.small().stream()
            .filter(s -> s.thing().forbidden() != Forbidden.NONE)
            .map(TrainingFeed::forbidden)
            .findFirst()
            .orElse("null");
    return "{\"items\":%s,\"tag\":%s,\"forbidden\":%s,\"quality\":%d}"
        .formatted(items, tag, forbidden, scene.light().quality());
  }

  private static String tag(Tag tag) {
    StringJoiner digits = new StringJoiner(",", "[", "]");
    for (int place = 0; place < 4; place++) {
      digits.add(
          String.format(
              Locale.ROOT,
              "[%d,%.2f,%.2f]",
              tag.digit(place),
              tag.digitX(place) + tag.digitWidth() / 2,
              tag.digitY() + tag.digitHeight() / 2));
    }
    return "{\"box\":[%s],\"digits\":%s}".formatted(numbers(tag.box()), digits);
  }

  private static String forbidden(Small small) {
    return "{\"label\":%d,\"box\":[%s]}"
        .formatted(LABELS.indexOf(small.thing().forbidden()), numbers(small.box()));
  }

  private static String numbers(Box box) {
    return String.format(
        Locale.ROOT, "%.2f,%.2f,%.2f,%.2f", box.x(), box.y(), box.width(), box.height());
  }
}
