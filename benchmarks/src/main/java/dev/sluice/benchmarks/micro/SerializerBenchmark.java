package dev.sluice.benchmarks.micro;

import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.serde.EventIdentity;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.flink.RecordTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** An event with its picture, as checkpoints and the network carry it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SerializerBenchmark {
  private final TypeSerializer<ImageEvent> serializer = RecordTypes.IMAGE_EVENT.createSerializer();
  private final DataOutputSerializer out = new DataOutputSerializer(1 << 20);
  private final DataInputDeserializer in = new DataInputDeserializer();
  private final ImageEvent event =
      ImageEvent.of(
          EventIdentity.of("event", Instant.EPOCH),
          Picture.ofBytes(
              ScenePicture.of(1, 0, 1280, 960, new StandardPictureEncoder()).file().bytes(), null));
  private final byte[] written = bytes(event);

  @Benchmark
  public int write() throws IOException {
    out.clear();
    serializer.serialize(event, out);
    return out.length();
  }

  @Benchmark
  public ImageEvent read() throws IOException {
    in.setBuffer(written);
    return serializer.deserialize(in);
  }

  private static byte[] bytes(ImageEvent event) {
    try {
      DataOutputSerializer out = new DataOutputSerializer(1 << 20);
      RecordTypes.IMAGE_EVENT.createSerializer().serialize(event, out);
      return out.getCopyOfBuffer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
