package dev.sluice.jobs.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.models.tensor.MachineSpeed;
import dev.sluice.models.tensor.MachineSpeed.Product;
import dev.sluice.models.value.Dtype;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** What the machine can do at best, measured when it is first asked for. Used by one thread. */
final class Machine {
  private static final List<Product> SHOWN =
      List.of(Product.FLOAT32, Product.BFLOAT16, Product.INT8);

  private final Map<Product, Double> operations = new EnumMap<>(Product.class);
  private OptionalDouble readBytes = OptionalDouble.empty();

  /** Operations per second of the best product. */
  double operationsPerSecond(Dtype dtype) {
    return operationsPerSecond(Product.of(dtype));
  }

  private double operationsPerSecond(Product product) {
    return operations.computeIfAbsent(product, MachineSpeed::operationsPerSecond);
  }

  double readBytesPerSecond() {
    if (readBytes.isEmpty()) {
      readBytes = OptionalDouble.of(MachineSpeed.readBytesPerSecond());
    }
    return readBytes.getAsDouble();
  }

  /** A line for each type, and one for the memory. */
  void report(int threads, Consumer<ObjectNode> lines) {
    for (Product product : SHOWN) {
      ObjectNode line = BenchLine.of(Scenario.GEMM).put("dtype", product.label());
      line.put("threads", threads);
      line.put("gigaflopsPerSecond", BenchLine.rounded(operationsPerSecond(product) / 1e9));
      lines.accept(BenchLine.withMemory(line));
    }
    ObjectNode line = BenchLine.of(Scenario.GEMM).put("threads", threads);
    line.put("readGigabytesPerSecond", BenchLine.rounded(readBytesPerSecond() / 1e9));
    lines.accept(BenchLine.withMemory(line));
  }
}
