package dev.sluice.models.families.parts;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.ScoreCalibration;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores that went through the calibration in the model folder's {@code calibration.json}; those of
 * questions that it does not cover stay as they are. Owned by the device thread.
 */
public final class CalibratedScorer implements LabelScorer {
  private static final String FILE = "calibration.json";
  private static final double LARGEST_BIAS = 50;

  private final LabelScorer scorer;
  private final List<ScoreCalibration> calibrations;

  private CalibratedScorer(LabelScorer scorer, List<ScoreCalibration> calibrations) {
    this.scorer = scorer;
    this.calibrations = calibrations;
  }

  /**
   * @return the scorer itself for a folder without calibration
   * @throws dev.sluice.models.weights.WeightsException if the file is not what it should be
   */
  static LabelScorer of(ModelDirectory directory, LabelScorer scorer) {
    ModelConfig file = directory.config(FILE);
    return file.isEmpty() ? scorer : new CalibratedScorer(scorer, read(file));
  }

  private static List<ScoreCalibration> read(ModelConfig file) {
    String version = file.string("version");
    ModelConfig questions = file.at("questions");
    List<ScoreCalibration> calibrations = new ArrayList<>();
    for (String question : questions.keys()) {
      ModelConfig fitted = questions.at(question);
      ModelConfig options = fitted.at("biases");
      Map<String, Double> biases = new LinkedHashMap<>();
      for (String option : options.keys()) {
        biases.put(option, options.doubleAt(option, -LARGEST_BIAS, LARGEST_BIAS));
      }
      double temperature = fitted.doubleAt("temperature", 0.01, 100);
      calibrations.add(new ScoreCalibration(version, question, temperature, biases));
    }
    return calibrations;
  }

  @Override
  public List<LabelScores> score(List<Request> requests) {
    List<LabelScores> raw = scorer.score(requests);
    List<LabelScores> scores = new ArrayList<>();
    for (int i = 0; i < raw.size(); i++) {
      scores.add(calibrated(requests.get(i).question(), raw.get(i)));
    }
    return scores;
  }

  private LabelScores calibrated(LabelQuestion question, LabelScores raw) {
    for (ScoreCalibration calibration : calibrations) {
      if (calibration.covers(question)) {
        return calibration.apply(question.options(), raw);
      }
    }
    return raw;
  }
}
