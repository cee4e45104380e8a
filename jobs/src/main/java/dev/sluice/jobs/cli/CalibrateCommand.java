package dev.sluice.jobs.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.jobs.embedded.EmbeddedModel;
import dev.sluice.jobs.scenes.CalibrationFit;
import dev.sluice.jobs.scenes.DecisionThresholds;
import dev.sluice.jobs.scenes.LabelSample;
import dev.sluice.jobs.scenes.ScenePicture;
import dev.sluice.jobs.scenes.SceneSet;
import dev.sluice.jobs.scenes.SceneStream;
import dev.sluice.jobs.scenes.StandardPictureEncoder;
import dev.sluice.models.Models;
import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.LabelScores.ScoreType;
import dev.sluice.models.value.ScoreCalibration;
import dev.sluice.serde.ModerationPolicy;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fits the calibration of a model's label scores. Used by the main thread. */
@Command(
    name = "calibrate",
    description = "Fits the calibration of the embedded model's scores, on scenes of their own.",
    mixinStandardHelpOptions = true)
final class CalibrateCommand implements Callable<Integer> {
  private static final int BATCH = 16;
  private static final long BUDGET_BYTES = 8L << 30;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;
  @Mixin private ModelArguments model;
  @Mixin private SceneArguments scenes;

  @Option(
      names = "--fit-version",
      required = true,
      paramLabel = "V",
      description = "Names the fit in verdicts.")
  private String version;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description = "Where calibration.json goes: the model's folder, once it is found good.")
  private Path out;

  @Option(
      names = "--wrong",
      paramLabel = "SHARE",
      defaultValue = "0.01",
      description =
          "For the thresholds: how much of what is allowed or blocked may be wrong; default:"
              + " ${DEFAULT-VALUE}.")
  private double wrong;

  @Override
  public Integer call() throws Exception {
    ModerationPolicy policy = EmbeddedModel.policy();
    List<LabelSample> raw = samples(policy);
    ScoreCalibration fit = CalibrationFit.of(version, policy.question(), policy.options(), raw);
    Files.writeString(
        out, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(file(fit)) + "\n");
    report(policy, raw, raw.stream().map(sample -> calibrated(policy, fit, sample)).toList());
    return 0;
  }

  private List<LabelSample> samples(ModerationPolicy policy) throws Exception {
    int pictures = scenes.pictures();
    Progress progress = new Progress(spec.commandLine().getErr(), pictures);
    SceneStream stream = new SceneStream(SceneSet.CALIBRATION, scenes.seed());
    StandardPictureEncoder encoder = new StandardPictureEncoder();
    List<LabelSample> samples = new ArrayList<>();
    try (ModelVariant variant = ModelVariant.uncalibrated(model.directory());
        VisionLanguageModel loaded =
            Models.load(
                variant.directory(), model.loadOptions(), new MemoryLedger("cpu", BUDGET_BYTES))) {
      EngineSceneReader reader = new EngineSceneReader(loaded, policy);
      for (int first = 0; first < pictures; first += BATCH) {
        List<ScenePicture> drawn = new ArrayList<>();
        for (int i = first; i < Math.min(pictures, first + BATCH); i++) {
          drawn.add(stream.picture(i, encoder));
        }
        List<Map<String, Double>> scores =
            reader.scores(drawn.stream().map(p -> p.file().bytes()).toList());
        for (int i = 0; i < drawn.size(); i++) {
          samples.add(new LabelSample(drawn.get(i).scene().forbidden().word(), scores.get(i)));
          progress.done();
        }
      }
    }
    progress.end();
    return samples;
  }

  private static LabelSample calibrated(
      ModerationPolicy policy, ScoreCalibration fit, LabelSample raw) {
    List<Double> scores =
        policy.options().stream().map(o -> raw.scores().getOrDefault(o, 0.0)).toList();
    LabelScores after =
        fit.apply(policy.options(), new LabelScores(scores, ScoreType.NEXT_TOKEN_PROBABILITY));
    Map<String, Double> byOption = new HashMap<>();
    for (int i = 0; i < policy.options().size(); i++) {
      byOption.put(policy.options().get(i), after.scores().get(i));
    }
    return new LabelSample(raw.truth(), byOption);
  }

  private static ObjectNode file(ScoreCalibration fit) {
    ObjectNode root = JSON.createObjectNode().put("version", fit.version());
    ObjectNode question = root.putObject("questions").putObject(fit.question());
    question.put("temperature", fit.temperature());
    question.set("biases", JSON.valueToTree(new TreeMap<>(fit.biases())));
    return root;
  }

  private void report(ModerationPolicy policy, List<LabelSample> before, List<LabelSample> after) {
    String neutral =
        Objects.requireNonNull(policy.neutralOption(), "the embedded policy's neutral option");
    DecisionThresholds thresholds = DecisionThresholds.of(after, neutral, wrong);
    PrintWriter print = spec.commandLine().getOut();
    print.printf(
        Locale.ROOT,
        "pictures          %d (calibration, seed %d)%ncalibration error %s before, %s after, on"
            + " these pictures%nthresholds        review from %.2f, block from %.2f keep wrong"
            + " decisions at %s each%n",
        scenes.pictures(),
        scenes.seed(),
        FiguresTable.percent(LabelSample.calibrationError(before)),
        FiguresTable.percent(LabelSample.calibrationError(after)),
        thresholds.review(),
        thresholds.block(),
        FiguresTable.percent(wrong));
    print.flush();
  }
}
