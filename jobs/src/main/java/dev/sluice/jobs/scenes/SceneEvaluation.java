package dev.sluice.jobs.scenes;

import dev.sluice.jobs.scenes.CaptionScore.Confusion;
import dev.sluice.jobs.scenes.SceneFigures.LabelFigures;
import dev.sluice.jobs.scenes.SceneReader.Reading;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Measures a model on scenes that it was not trained on: draws them, has them read, compares. Used
 * by one thread.
 */
public final class SceneEvaluation {
  private final long seed;
  private int pictures;
  private int kinds;
  private int colours;
  private int patterns;
  private int counts;
  private int groups;
  private int exact;
  private int priced;
  private int pricedRight;
  private int unpriced;
  private int unpricedWrong;
  private long readNanos;
  private final Map<Forbidden, Map<Forbidden, Integer>> labels = new EnumMap<>(Forbidden.class);
  private final Map<Kind, Map<Kind, Integer>> confusion = new EnumMap<>(Kind.class);

  private SceneEvaluation(long seed) {
    this.seed = seed;
  }

  /**
   * Draws the first pictures of a seed's stream and has them read.
   *
   * @param count how many pictures
   * @param batch how many are read together, at most
   */
  public static SceneFigures run(
      SceneReader reader, PictureEncoder encoder, int count, long seed, int batch) {
    if (count < 1 || batch < 1) {
      throw new IllegalArgumentException(
          "evaluation: expected at least 1 picture and 1 a batch, found %d and %d"
              .formatted(count, batch));
    }
    SceneEvaluation evaluation = new SceneEvaluation(seed);
    for (int first = 0; first < count; first += batch) {
      List<ScenePicture> drawn = new ArrayList<>();
      for (int i = first; i < Math.min(count, first + batch); i++) {
        drawn.add(ScenePicture.of(seed, i, encoder));
      }
      evaluation.read(reader, drawn);
    }
    return evaluation.figures();
  }

  private void read(SceneReader reader, List<ScenePicture> drawn) {
    List<byte[]> files = drawn.stream().map(p -> p.file().bytes()).toList();
    long start = System.nanoTime();
    List<Reading> readings = reader.read(files);
    readNanos += System.nanoTime() - start;
    if (readings.size() != drawn.size()) {
      throw new IllegalStateException(
          "evaluation: expected %d readings, found %d".formatted(drawn.size(), readings.size()));
    }
    for (int i = 0; i < drawn.size(); i++) {
      add(drawn.get(i), readings.get(i));
    }
  }

  private void add(ScenePicture picture, Reading reading) {
    SceneCaption expected = picture.caption();
    SceneCaption found = SceneCaption.parse(reading.caption());
    CaptionScore score = CaptionScore.of(expected, found);
    pictures++;
    kinds += score.kinds();
    colours += score.colours();
    patterns += score.patterns();
    counts += score.counts();
    groups += score.groups();
    exact += score.exact() ? 1 : 0;
    if (expected.price().isPresent()) {
      priced++;
      pricedRight += score.priceRight() ? 1 : 0;
    } else {
      unpriced++;
      unpricedWrong += score.priceRight() ? 0 : 1;
    }
    labels
        .computeIfAbsent(picture.scene().forbidden(), f -> new EnumMap<>(Forbidden.class))
        .merge(highest(reading), 1, Integer::sum);
    for (Confusion c : score.confusions()) {
      confusion
          .computeIfAbsent(c.expected(), k -> new EnumMap<>(Kind.class))
          .merge(c.found(), 1, Integer::sum);
    }
  }

  private static Forbidden highest(Reading reading) {
    Optional<Map.Entry<String, Double>> best =
        reading.labels().entrySet().stream().max(Map.Entry.comparingByValue());
    return best.map(e -> Forbidden.valueOf(e.getKey().toUpperCase(Locale.ROOT)))
        .orElse(Forbidden.NONE);
  }

  private SceneFigures figures() {
    Map<Forbidden, LabelFigures> figures = new EnumMap<>(Forbidden.class);
    double sum = 0;
    for (Forbidden label : Forbidden.values()) {
      if (label != Forbidden.NONE) {
        LabelFigures f = figures(label);
        figures.put(label, f);
        sum += f.f1();
      }
    }
    int clean = row(Forbidden.NONE);
    return new SceneFigures(
        pictures,
        seed,
        share(kinds + colours + patterns + counts, 4 * groups),
        share(kinds, groups),
        share(colours, groups),
        share(patterns, groups),
        share(counts, groups),
        share(exact, pictures),
        share(pricedRight, priced),
        share(unpricedWrong, unpriced),
        figures,
        sum / figures.size(),
        share(clean - cell(Forbidden.NONE, Forbidden.NONE), clean),
        confusion,
        pictures * 1e9 / Math.max(1, readNanos));
  }

  private LabelFigures figures(Forbidden label) {
    int present = row(label);
    int said = 0;
    for (Forbidden other : Forbidden.values()) {
      said += cell(other, label);
    }
    int both = cell(label, label);
    return new LabelFigures(
        present, share(both, said), share(both, present), share(2 * both, present + said));
  }

  private int cell(Forbidden expected, Forbidden said) {
    return labels.getOrDefault(expected, Map.of()).getOrDefault(said, 0);
  }

  private int row(Forbidden expected) {
    return labels.getOrDefault(expected, Map.of()).values().stream()
        .mapToInt(Integer::intValue)
        .sum();
  }

  private static double share(int part, int whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }
}
