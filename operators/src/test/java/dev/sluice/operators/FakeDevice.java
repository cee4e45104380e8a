package dev.sluice.operators;

import dev.sluice.models.ImageCosts;
import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;

/**
 * What {@link FakeModel}s of one name do and may do. Thread-safe; one per test, found by name since
 * loaders travel serialized.
 */
public final class FakeDevice {
  public static final long WEIGHT_BYTES = 1000;
  public static final ImageCosts COSTS = new ImageCosts(10, 20, 30, 40);

  /** A tower with patches of one pixel, and a language model of a thousand weights. */
  public static final ModelArithmetic ARITHMETIC =
      new ModelArithmetic(
          new ModelArithmetic.Tower(1, 0, 1, 1, 1), new ModelArithmetic.Text(1000, 1));

  /** Worst case of one picture with {@link #MAX_IMAGE_BYTES}. */
  public static final long IMAGE_BYTES = 200;

  public static final long MAX_IMAGE_BYTES = 100;

  private static final Map<String, FakeDevice> BY_NAME = new ConcurrentHashMap<>();

  private final String name;
  private final List<Integer> encodeBatches = new ArrayList<>();
  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger closes = new AtomicInteger();
  private final AtomicInteger mostPictures = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicInteger mostSequences = new AtomicInteger(Integer.MAX_VALUE);
  private final AtomicInteger mostSequencesSeen = new AtomicInteger();
  private final AtomicInteger mostSlices = new AtomicInteger();
  private final Semaphore gate = new Semaphore(Integer.MAX_VALUE);

  private FakeDevice(String name) {
    this.name = name;
  }

  /** A device of its own for one test. */
  public static FakeDevice named(String name) {
    FakeDevice device = new FakeDevice(name);
    BY_NAME.put(name, device);
    return device;
  }

  /** A model on this device that has room for so many pictures, later steps' share included. */
  public ModelRef model(int pictures) {
    return model(pictures, new Configuration());
  }

  public ModelRef model(int pictures, ReadableConfig more) {
    Configuration config = Configuration.fromMap(((Configuration) more).toMap());
    config.set(ModelOptions.DEVICE, name);
    config.set(ModelOptions.MEMORY_BUDGET, WEIGHT_BYTES + pictures * IMAGE_BYTES + " bytes");
    config.set(
        ModelOptions.IMAGE_MAX_BYTES,
        new org.apache.flink.configuration.MemorySize(MAX_IMAGE_BYTES));
    return ModelRef.of("/fake", ModelOptions.from(config)).loadedBy(new Loader(name));
  }

  /** Stops encoding until {@link #open}. */
  public FakeDevice shut() {
    gate.drainPermits();
    return this;
  }

  /** Lets so many pictures through. */
  public void open(int pictures) {
    gate.release(pictures);
  }

  /** Pictures may be cut into so many slices; they never are. */
  public FakeDevice mostSlices(int slices) {
    mostSlices.set(slices);
    return this;
  }

  int mostSlices() {
    return mostSlices.get();
  }

  /** The encoder runs out of memory with more pictures than that. */
  public FakeDevice mostPictures(int pictures) {
    mostPictures.set(pictures);
    return this;
  }

  /** The generator runs out of memory with more sequences than that. */
  public FakeDevice mostSequences(int sequences) {
    mostSequences.set(sequences);
    return this;
  }

  /** Pictures of each encode batch so far. */
  public List<Integer> encodeBatches() {
    synchronized (encodeBatches) {
      return List.copyOf(encodeBatches);
    }
  }

  public int mostSequencesSeen() {
    return mostSequencesSeen.get();
  }

  public int loads() {
    return loads.get();
  }

  public int closes() {
    return closes.get();
  }

  /** Names of the threads that live for this device. */
  public List<String> threads() {
    Thread[] all = new Thread[Thread.activeCount() * 2 + 16];
    int count = Thread.enumerate(all);
    return Arrays.stream(all, 0, count)
        .map(Thread::getName)
        .filter(thread -> thread.startsWith("sluice-") && thread.contains(name))
        .toList();
  }

  void loaded() {
    loads.incrementAndGet();
  }

  void closed() {
    closes.incrementAndGet();
  }

  void encoding(int pictures) {
    gate.acquireUninterruptibly(pictures);
    synchronized (encodeBatches) {
      encodeBatches.add(pictures);
    }
    if (pictures > mostPictures.get()) {
      throw new RuntimeException("DefaultCPUAllocator: can't allocate memory");
    }
  }

  void generating(int sequences) {
    if (sequences > mostSequences.get()) {
      throw new RuntimeException("CUDA out of memory");
    }
    mostSequencesSeen.accumulateAndGet(sequences, Math::max);
  }

  /** Finds its device by name. */
  record Loader(String name) implements ModelLoader {
    @Override
    public VisionLanguageModel load(ModelRef model, MemoryLedger ledger) {
      return new FakeModel(device(), ledger);
    }

    @Override
    public ImageCosts costs(ModelRef model) {
      return COSTS;
    }

    @Override
    public long deviceBytes(String device) {
      return 1 << 30;
    }

    private FakeDevice device() {
      FakeDevice device = BY_NAME.get(name);
      if (device == null) {
        throw new IllegalStateException("no fake device '" + name + "'");
      }
      return device;
    }
  }
}
