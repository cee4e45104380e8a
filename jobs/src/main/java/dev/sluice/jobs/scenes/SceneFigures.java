package dev.sluice.jobs.scenes;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * What an evaluation found. Shares are 0..1, and NaN where there was nothing to measure. Immutable.
 *
 * @param pictures how many were read
 * @param seed of their stream
 * @param slots share of right caption slots, all four together
 * @param kind share of right kinds
 * @param colour share of right colours
 * @param pattern share of right patterns
 * @param count share of right counts
 * @param captionExact share of captions whose groups are all right
 * @param priceExact share of printed prices that were read exactly
 * @param falsePrice share of pictures without a price in which one was read
 * @param labels for each forbidden kind
 * @param macroF1 the mean F1 of the forbidden kinds
 * @param falseAlarm share of pictures with nothing forbidden that were flagged
 * @param kindConfusion expected kind, then the kind said, among matched groups
 * @param picturesPerSecond reading only
 */
public record SceneFigures(
    int pictures,
    long seed,
    double slots,
    double kind,
    double colour,
    double pattern,
    double count,
    double captionExact,
    double priceExact,
    double falsePrice,
    Map<Forbidden, LabelFigures> labels,
    double macroF1,
    double falseAlarm,
    Map<Kind, Map<Kind, Integer>> kindConfusion,
    double picturesPerSecond) {

  public SceneFigures {
    labels = Map.copyOf(labels);
    kindConfusion = Map.copyOf(kindConfusion);
  }

  /** One forbidden kind. */
  public record LabelFigures(int present, double precision, double recall, double f1) {}

  /** A few lines to read. */
  public String text() {
    StringBuilder out = new StringBuilder();
    line(out, "pictures          %d (seed %d), %.1f a second", pictures, seed, picturesPerSecond);
    line(out, "caption slots     %s", percent(slots));
    line(
        out,
        "                  kind %s, colour %s, pattern %s, count %s",
        percent(kind),
        percent(colour),
        percent(pattern),
        percent(count));
    line(out, "caption exact     %s", percent(captionExact));
    line(out, "price tag exact   %s (invented %s)", percent(priceExact), percent(falsePrice));
    line(
        out,
        "forbidden         macro F1 %s, false alarms %s",
        percent(macroF1),
        percent(falseAlarm));
    new EnumMap<>(labels)
        .forEach(
            (label, f) ->
                line(
                    out,
                    "  %-14s  precision %s, recall %s, F1 %s (%d pictures)",
                    label.word(),
                    percent(f.precision),
                    percent(f.recall),
                    percent(f.f1),
                    f.present));
    String worst = worstConfusions();
    line(out, "kinds confused    %s", worst.isEmpty() ? "none" : worst);
    return out.toString();
  }

  private String worstConfusions() {
    StringBuilder out = new StringBuilder();
    kindConfusion.entrySet().stream()
        .flatMap(
            row ->
                row.getValue().entrySet().stream()
                    .filter(cell -> cell.getKey() != row.getKey())
                    .map(
                        cell ->
                            Map.entry(
                                row.getKey().word() + " as " + cell.getKey().word(),
                                cell.getValue())))
        .sorted(
            Map.Entry.<String, Integer>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(5)
        .forEach(
            e ->
                out.append(out.isEmpty() ? "" : ", ")
                    .append(e.getKey())
                    .append(" ")
                    .append(e.getValue()));
    return out.toString();
  }

  private static void line(StringBuilder out, String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
