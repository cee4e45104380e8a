package dev.sluice.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.jobs.files.FileRun;
import dev.sluice.jobs.local.ProcessMemory;
import dev.sluice.models.image.PictureEncoder;
import dev.sluice.models.value.RgbImage;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.serde.Rejection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.flink.configuration.Configuration;

/**
 * The memory that a folder of a family's published widths and reduced depth takes to caption
 * pictures in bfloat16, by the captioning job's operators in a Flink of this process. Used by one
 * thread.
 */
public final class WideCaption {
  private static final int LAYERS = 2;
  private static final int NEW_TOKENS = 16;
  private static final int PICTURES = 2;
  private static final ObjectMapper JSON = new ObjectMapper();

  private WideCaption() {}

  /** What can be written at full width. */
  private enum Family {
    MONKEY,
    LLAVA_UHD,
    MINIGPT4,
    MINIGPT4_LLAMA2;

    String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    void write(Path folder) throws IOException {
      switch (this) {
        case MONKEY -> MonkeyFolder.write(folder, LAYERS, LAYERS);
        case LLAVA_UHD -> LlavaUhdFolder.write(folder, LAYERS);
        case MINIGPT4 -> MiniGpt4Folder.writeVicuna(folder, LAYERS);
        case MINIGPT4_LLAMA2 -> MiniGpt4Folder.writeLlama2(folder, LAYERS);
      }
    }
  }

  /**
   * @param args a family (monkey, llava-uhd, minigpt4, minigpt4-llama2), and a folder, which is
   *     written if it is not there: up to 5 GB. Writing Monkey's tables takes a heap of 5 GB
   *     ({@code SLUICE_JAVA_OPTS=-Xmx5g}).
   */
  public static void main(String[] args) throws Exception {
    Family family = Family.valueOf(args[0].toUpperCase(Locale.ROOT).replace('-', '_'));
    Path folder = Path.of(args[1]);
    if (Files.exists(folder.resolve("config.json"))) {
      caption(family, folder);
    } else {
      family.write(folder);
      System.out.println("written; run again for figures without what writing took");
    }
  }

  private static void caption(Family family, Path folder) throws Exception {
    Path pictures = Files.createTempDirectory("sluice-wide-");
    List<Path> files = new ArrayList<>();
    try {
      for (int i = 0; i < PICTURES; i++) {
        files.add(Files.write(pictures.resolve(i + ".png"), picture(i)));
      }
      Answers answers = new Answers();
      long start = System.nanoTime();
      new FileRun(ModelRef.of(folder.toString(), modelOptions()), visionOptions())
          .caption(files, Optional.empty(), answers);
      print(family, (System.nanoTime() - start) / 1e9, answers);
    } finally {
      for (Path file : files) {
        Files.delete(file);
      }
      Files.delete(pictures);
    }
  }

  private static ModelOptions modelOptions() {
    Configuration configuration = new Configuration();
    configuration.set(ModelOptions.DTYPE, "bfloat16");
    configuration.set(ModelOptions.MEMORY_BUDGET, "9500 mb");
    configuration.set(ModelOptions.SEQUENCES, PICTURES);
    return ModelOptions.from(configuration);
  }

  private static VisionOptions visionOptions() {
    Configuration configuration = new Configuration();
    configuration.set(VisionOptions.MAX_NEW_TOKENS, NEW_TOKENS);
    return VisionOptions.from(configuration);
  }

  private static byte[] picture(int seed) {
    byte[] rgb = new byte[3 * 1344 * 896];
    new SplittableRandom(seed).nextBytes(rgb);
    return PictureEncoder.png(new RgbImage(1344, 896, rgb));
  }

  private static void print(Family family, double seconds, Answers answers) {
    ObjectNode line = JSON.createObjectNode();
    line.put("family", family.label()).put("layers", LAYERS).put("captions", answers.captions);
    line.put("visualTokens", answers.visualTokens).put("newTokens", answers.newTokens);
    line.put("rejections", answers.rejections).put("seconds", seconds);
    line.put("residentMib", ProcessMemory.residentBytes() >> 20);
    line.put("peakMib", ProcessMemory.peakBytes() >> 20);
    System.out.println(line);
  }

  /** Counts what comes out. */
  private static final class Answers implements FileRun.Sink {
    private int captions;
    private int newTokens;
    private int visualTokens;
    private int rejections;

    @Override
    public void result(String json) {
      try {
        JsonNode caption = JSON.readTree(json);
        captions++;
        newTokens += caption.get("tokenCount").intValue();
        visualTokens += caption.findValue("visualTokens").intValue();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void rejection(Rejection rejection) {
      System.err.println(rejection);
      rejections++;
    }
  }
}
