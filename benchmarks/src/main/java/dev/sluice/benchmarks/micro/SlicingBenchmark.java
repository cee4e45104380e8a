package dev.sluice.benchmarks.micro;

import dev.sluice.jobs.scenes.SceneGenerator;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.SceneRenderer;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.models.image.ImageLimits;
import dev.sluice.models.image.ImageReader;
import dev.sluice.models.image.ImageSlicer;
import dev.sluice.models.image.Orientation;
import dev.sluice.models.image.PictureDetail;
import dev.sluice.models.image.PictureRejectedException;
import dev.sluice.models.image.ReadPicture;
import dev.sluice.models.image.SliceStrategy;
import dev.sluice.models.value.RgbImage;
import dev.sluice.models.value.SlicedPicture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A file of twelve megapixels to LLaVA-UHD's slices. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SlicingBenchmark {
  private static final long SEED = 1;
  private static final int WIDTH = 4000;
  private static final int HEIGHT = 3000;

  private final byte[] file =
      ScenePicture.of(SEED, 0, WIDTH, HEIGHT, new StandardPictureEncoder()).file().bytes();
  private final ImageSlicer exact = slicer(PictureDetail.EXACT);
  private final ImageSlicer scaled = slicer(PictureDetail.SCALED);
  private final RgbImage picture =
      new RgbImage(
          WIDTH,
          HEIGHT,
          SceneRenderer.render(SceneGenerator.scene(SEED, WIDTH, HEIGHT), WIDTH, HEIGHT));

  private static ImageSlicer slicer(PictureDetail detail) {
    return new ImageSlicer(
        new ImageReader(ImageLimits.DEFAULT, Orientation.APPLY, detail),
        SliceStrategy.LLAVA_UHD.planner());
  }

  @Benchmark
  public ReadPicture readExact() throws PictureRejectedException {
    return exact.readToSlice(file, null);
  }

  @Benchmark
  public ReadPicture readScaled() throws PictureRejectedException {
    return scaled.readToSlice(file, null);
  }

  @Benchmark
  public SlicedPicture cut() throws PictureRejectedException {
    return exact.slice(picture);
  }
}
