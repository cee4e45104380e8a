package dev.sluice.jobs.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.serde.StageTimings;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What a run of the demo came to. Immutable.
 *
 * @param in events that were sent
 * @param seconds from the moment that both jobs ran to the last result
 */
record DemoReport(int in, double seconds, DemoResults.Snapshot results) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  double imagesPerSecond() {
    return seconds <= 0 ? 0 : in / seconds;
  }

  /** A few lines to read. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%n%d pictures in %.1f s (%.1f a second): %d captions, %d verdicts%s, %d rejected%s%n",
            in,
            seconds,
            imagesPerSecond(),
            results.captions(),
            results.verdicts(),
            list(results.decisions()),
            results.rejected(),
            list(results.rejections())));
    text.append("work: ");
    shares().forEach((stage, share) -> text.append(percent(stage, share)));
    return text.append("of all stages together").toString();
  }

  /** The contract's one line. */
  String json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("in", in);
    node.put("captions", results.captions());
    node.put("verdicts", results.verdicts());
    node.put("rejected", results.rejected());
    node.put("imagesPerSecond", Math.round(imagesPerSecond() * 100) / 100.0);
    node.put("seconds", Math.round(seconds * 100) / 100.0);
    node.put("twice", results.twice());
    ObjectNode stages = node.putObject("stageShares");
    shares().forEach((stage, share) -> stages.put(stage, Math.round(share * 1000) / 1000.0));
    ObjectNode decisions = node.putObject("decisions");
    results.decisions().forEach(decisions::put);
    ObjectNode rejections = node.putObject("rejections");
    results.rejections().forEach(rejections::put);
    try {
      return JSON.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("report: a tree in memory could not be written", e);
    }
  }

  private Map<String, Double> shares() {
    StageTimings work = results.work();
    double all =
        Math.max(
            1, work.readMicros() + work.sliceMicros() + work.encodeMicros() + work.decodeMicros());
    Map<String, Double> shares = new LinkedHashMap<>();
    shares.put("read", work.readMicros() / all);
    shares.put("slice", work.sliceMicros() / all);
    shares.put("encode", work.encodeMicros() / all);
    shares.put("decode", work.decodeMicros() / all);
    return shares;
  }

  private static String percent(String stage, double share) {
    return String.format(Locale.ROOT, "%s %.0f %%, ", stage, 100 * share);
  }

  private static String list(Map<String, Integer> counts) {
    return counts.isEmpty() ? "" : " " + counts.toString().replace('{', '(').replace('}', ')');
  }
}
