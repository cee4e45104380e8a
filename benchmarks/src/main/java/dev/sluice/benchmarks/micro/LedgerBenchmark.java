package dev.sluice.benchmarks.micro;

import dev.sluice.models.memory.LeaseRequest;
import dev.sluice.models.memory.MemoryLedger;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** A lease that is granted and given back: once or more for each picture. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LedgerBenchmark {
  private static final LeaseRequest PICTURE =
      new LeaseRequest("admitted", 1 << 20, 0, LeaseRequest.Precedence.NEW);

  private final MemoryLedger ledger = new MemoryLedger("cpu", 1L << 32);

  @Benchmark
  public void alone() {
    ledger.tryLease(PICTURE).orElseThrow().close();
  }

  @Benchmark
  @Threads(2)
  public void contended() {
    ledger.tryLease(PICTURE).orElseThrow().close();
  }
}
