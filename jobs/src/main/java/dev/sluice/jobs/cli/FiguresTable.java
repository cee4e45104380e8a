package dev.sluice.jobs.cli;

import dev.sluice.jobs.scenes.CaptionFigures;
import dev.sluice.jobs.scenes.Forbidden;
import dev.sluice.jobs.scenes.Kind;
import dev.sluice.jobs.scenes.PriceFigures;
import dev.sluice.jobs.scenes.SceneFigures;
import dev.sluice.jobs.scenes.VerdictFigures;
import dev.sluice.jobs.scenes.VerdictFigures.DecisionFigures;
import dev.sluice.jobs.scenes.VerdictFigures.LabelFigures;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The figures of an evaluation as lines to read. Used by one thread. */
final class FiguresTable {
  private static final int CONFUSIONS = 5;

  private final StringBuilder out = new StringBuilder();

  private FiguresTable() {}

  static String of(SceneFigures figures) {
    FiguresTable table = new FiguresTable();
    table.line(
        "pictures          %d (%s, seed %d), %.1f a second",
        figures.pictures(),
        figures.stream().set().name().toLowerCase(Locale.ROOT),
        figures.stream().seed(),
        figures.picturesPerSecond());
    table.captions(figures.captions());
    table.prices(figures.prices());
    table.verdicts(figures.verdicts());
    return table.out.toString();
  }

  private void captions(CaptionFigures captions) {
    line("caption slots     %s", percent(captions.slots()));
    line(
        "                  kind %s, colour %s, pattern %s, count %s",
        percent(captions.kind()),
        percent(captions.colour()),
        percent(captions.pattern()),
        percent(captions.count()));
    line(
        "caption exact     %s (by products: %s)",
        percent(captions.exact()),
        captions.exactByItems().entrySet().stream()
            .map(e -> e.getKey() + ": " + percent(e.getValue()))
            .collect(Collectors.joining(", ")));
    line("kinds confused    %s", confusions(captions.kindConfusion()));
  }

  private void prices(PriceFigures prices) {
    line(
        "price tag exact   %s (%d tags; %d cut: %s, the others: %s), invented %s",
        percent(prices.exact()),
        prices.tags(),
        prices.cutTags(),
        percent(prices.exactCut()),
        percent(prices.exactWhole()),
        percent(prices.invented()));
  }

  private void verdicts(VerdictFigures verdicts) {
    line(
        "forbidden         macro F1 %s, false alarms %s, look-alikes flagged %s",
        percent(verdicts.macroF1()),
        percent(verdicts.falseAlarm()),
        percent(verdicts.lookAlikesFlagged()));
    for (Map.Entry<Forbidden, LabelFigures> entry : verdicts.labels().entrySet()) {
      LabelFigures label = entry.getValue();
      line(
          "  %-14s  precision %s, recall %s, F1 %s (%d pictures)",
          entry.getKey().word(),
          percent(label.precision()),
          percent(label.recall()),
          percent(label.f1()),
          label.present());
    }
    line("calibration error %s", percent(verdicts.calibrationError()));
    DecisionFigures decisions = verdicts.decisions();
    line(
        "decisions         review %s, wrong among the others %s (allowed %s, blocked %s)",
        percent(decisions.review()),
        percent(decisions.wrong()),
        percent(decisions.allowedWrongly()),
        percent(decisions.blockedWrongly()));
  }

  private static String confusions(Map<Kind, Map<Kind, Integer>> confusion) {
    String worst =
        confusion.entrySet().stream()
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
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(CONFUSIONS)
            .map(e -> e.getKey() + " " + e.getValue())
            .collect(Collectors.joining(", "));
    return worst.isEmpty() ? "none" : worst;
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
