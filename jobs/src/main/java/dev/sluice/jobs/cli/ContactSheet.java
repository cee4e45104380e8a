package dev.sluice.jobs.cli;

import dev.sluice.jobs.files.Preview;
import dev.sluice.jobs.scenes.PictureEncoder;
import dev.sluice.jobs.scenes.SceneEvaluation;
import dev.sluice.jobs.scenes.SceneOutcome;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.SceneStream;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.image.PictureSlicer;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.SlicedPicture;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A page that shows where a model failed: each picture, the slices that it saw, what was expected
 * and what it said. The page holds its pictures and needs nothing else. Used by one thread.
 */
final class ContactSheet {
  static final int MOST = 50;

  private static final int LONGEST_SIDE = 420;
  private static final String STYLE =
      """
      body { font: 14px/1.4 system-ui, sans-serif; margin: 2rem; max-width: 76rem; }
      pre { background: #f4f4f4; padding: 1rem; overflow-x: auto; }
      article { display: grid; grid-template-columns: 420px 320px 1fr; gap: 1rem;
                border-top: 1px solid #ccc; padding: 1rem 0; }
      .slices { display: grid; gap: 3px; align-content: start; justify-content: start; }
      dt { color: #666; } dd { margin: 0 0 .5rem; } .wrong { color: #b00020; }
      """;

  private final SceneStream stream;
  private final PictureEncoder encoder;
  private final PictureSlicer slicer;
  private final Preview preview = new Preview(LONGEST_SIDE);
  private final StringBuilder out = new StringBuilder();

  private ContactSheet(SceneStream stream, PictureEncoder encoder, PictureSlicer slicer) {
    this.stream = stream;
    this.encoder = encoder;
    this.slicer = slicer;
  }

  /** The page of the worst {@value #MOST}. */
  static String of(SceneEvaluation evaluation, PictureEncoder encoder, PictureSlicer slicer) {
    ContactSheet sheet = new ContactSheet(evaluation.figures().stream(), encoder, slicer);
    sheet.page(evaluation);
    return sheet.out.toString();
  }

  private void page(SceneEvaluation evaluation) {
    List<SceneOutcome> worst = evaluation.worst(MOST);
    add(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Worst of an"
            + " evaluation</title><style>%s</style><h1>The worst %d of %d pictures</h1>"
            + "<pre>%s</pre>\n",
        STYLE,
        worst.size(),
        evaluation.outcomes().size(),
        escaped(FiguresTable.of(evaluation.figures())));
    worst.forEach(this::article);
    out.append("</html>\n");
  }

  private void article(SceneOutcome outcome) {
    ScenePicture picture = stream.picture(outcome.number(), encoder);
    byte[] file = picture.file().bytes();
    try {
      add("<article>%s", image("image/jpeg", preview.jpegOf(file), "picture"));
      slices(slicer.slice(file));
    } catch (PictureRejectedException e) {
      throw new IllegalStateException("scene: the engine rejects it: " + e.getMessage(), e);
    }
    boolean captionRight = outcome.score().exact() && outcome.score().priceRight();
    add(
        "<dl><dt>picture %d, %dx%d %s</dt><dt>caption expected</dt><dd>%s</dd>",
        outcome.number(),
        picture.width(),
        picture.height(),
        picture.format(),
        escaped(outcome.expected().text()));
    said("caption found", outcome.reading().caption(), captionRight);
    add("<dt>label expected</dt><dd>%s</dd>", outcome.forbidden().word());
    said("label found", scores(outcome), outcome.labelRight());
    out.append("</dl></article>\n");
  }

  private void slices(SlicedPicture sliced) {
    SlicePlan plan = sliced.plan();
    int columns = Math.max(1, plan.columns());
    add(
        "<div><div class=\"slices\" style=\"grid-template-columns: repeat(%d, max-content)\">",
        columns);
    sliced.slices().forEach(slice -> tile(slice, "slice"));
    out.append("</div><br>");
    tile(sliced.overview(), "overview");
    out.append("</div>");
  }

  private void tile(RgbImage tile, String what) {
    out.append(image("image/png", dev.sluice.models.image.PictureEncoder.png(tile), what));
  }

  private void said(String what, String words, boolean right) {
    add("<dt>%s</dt><dd%s>%s</dd>", what, right ? "" : " class=\"wrong\"", escaped(words));
  }

  private static String scores(SceneOutcome outcome) {
    return outcome.reading().labels().entrySet().stream()
            .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
            .map(e -> String.format(Locale.ROOT, "%s %.2f", e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "))
        + ": "
        + outcome.reading().decision();
  }

  private static String image(String mediaType, byte[] file, String alternative) {
    return "<img alt=\"%s\" src=\"data:%s;base64,%s\">"
        .formatted(alternative, mediaType, Base64.getEncoder().encodeToString(file));
  }

  private void add(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
