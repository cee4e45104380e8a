package dev.sluice.models.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.value.Beams;
import dev.sluice.models.value.Beams.EarlyStopping;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.Sampling;
import dev.sluice.models.value.TokenRules;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.WeightsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationDefaultsTest {
  @TempDir private Path folder;

  @Test
  void missingFile_isGreedyWithTwentyTokens() {
    GenerationOptions options =
        GenerationDefaults.of(ModelConfig.empty("generation_config.json")).options(100);
    assertThat(options).isEqualTo(GenerationOptions.greedy(20).withRules(TokenRules.NONE));
    assertThat(options.takesLikeliest()).isTrue();
  }

  @Test
  void maxLength_countsThePrompt_maxNewTokensDoesNot() throws IOException {
    assertThat(of("{'max_length': 20}").options(8).maxNewTokens()).isEqualTo(12);
    assertThat(of("{'max_length': 20, 'max_new_tokens': 30}").options(8).maxNewTokens())
        .isEqualTo(30);
    GenerationDefaults defaults = of("{'max_length': 20}");
    assertThatThrownBy(() -> defaults.options(20))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected less than the 20 positions");
  }

  @Test
  void sampling_countsOnlyWithDoSample() throws IOException {
    String values = "'temperature': 0.7, 'top_p': 0.9, 'typical_p': 1.0";
    assertThat(of("{" + values + "}").options(1).sampling()).isEqualTo(Sampling.LIKELIEST);
    assertThat(of("{'do_sample': true, " + values + "}").options(1).sampling())
        .isEqualTo(new Sampling(0.7, 50, 0.9, 0));
  }

  @Test
  void beamsAndRules_areRead() throws IOException {
    GenerationOptions options =
        of("{'num_beams': 5, 'length_penalty': -1.0, 'early_stopping': 'never',"
                + "'min_new_tokens': 2, 'min_length': 40, 'repetition_penalty': 1.05,"
                + "'forced_eos_token_id': 2, 'suppress_tokens': [1, 7], 'num_beam_groups': 1}")
            .options(1);
    assertThat(options.beams()).isEqualTo(new Beams(5, -1, EarlyStopping.NEVER));
    TokenRules rules = options.rules().orElseThrow();
    assertThat(rules.minNewTokens()).isEqualTo(2);
    assertThat(rules.minLength()).isZero(); // min_new_tokens comes before it
    assertThat(rules.repetitionPenalty()).isEqualTo(1.05);
    assertThat(rules.forcedEnd()).isEqualTo(Set.of(2));
    assertThat(rules.suppressed()).isEqualTo(Set.of(1, 7));
    assertThat(of("{'early_stopping': true}").options(1).beams().earlyStopping())
        .isEqualTo(EarlyStopping.WHEN_ALL_FINISHED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "penalty_alpha        | 'penalty_alpha': 0.6",
        "num_beam_groups      | 'num_beam_groups': 2",
        "num_return_sequences | 'num_return_sequences': 3",
        "dola_layers          | 'dola_layers': 'high'",
        "min_p                | 'do_sample': true, 'min_p': 0.1",
        "guidance_scale       | 'guidance_scale': 1.5",
        "sequence_bias        | 'sequence_bias': [[[3], 1.0]]",
        "bad_words_ids        | 'bad_words_ids': [[]]",
        "bad_words_ids        | 'bad_words_ids': [['a']]",
        "num_beams            | 'num_beams': 1000",
        "repetition_penalty   | 'repetition_penalty': -1",
      })
  void whatTheEngineCannotDo_isRefusedByName(String key, String entry) {
    assertThatThrownBy(() -> of("{" + entry + "}").options(1))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("generation_config.json")
        .hasMessageContaining("'" + key + "'");
  }

  private GenerationDefaults of(String json) throws IOException {
    Path file = folder.resolve("generation_config.json");
    Files.writeString(file, json.replace('\'', '"'));
    return GenerationDefaults.of(ModelConfig.read(file));
  }
}
