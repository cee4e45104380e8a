package dev.sluice.jobs.bench;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.jobs.local.ProcessMemory;
import java.math.BigDecimal;
import java.math.MathContext;

/** The shape that the lines of all scenarios share. Stateless. */
final class BenchLine {
  private static final MathContext DIGITS = new MathContext(4);

  private BenchLine() {}

  static ObjectNode of(Scenario scenario) {
    return JsonNodeFactory.instance.objectNode().put("scenario", scenario.label());
  }

  /** Ends a line with the memory of this process. */
  static ObjectNode withMemory(ObjectNode line) {
    return line.put("residentMib", ProcessMemory.residentBytes() >> 20)
        .put("peakResidentMib", ProcessMemory.peakBytes() >> 20);
  }

  /** To four digits, which is more than a measurement is worth. */
  static double rounded(double value) {
    return new BigDecimal(value).round(DIGITS).doubleValue();
  }
}
