package dev.sluice.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelConfigTest {
  @TempDir Path folder;

  @Test
  void getters_presentKeys_giveTheirValues() {
    ModelConfig config =
        read(
            """
            {"hidden_size": 64, "eps": 1e-5, "act": "gelu", "tie": true, "eos_token_id": [2, 7],
             "bos_token_id": 1, "mean": [0.5, 1], "none": null, "rope_theta": 1000000,
             "vision_config": {"patch_size": 14}, "id2label": {"0": "cat", "1": "dog"}}
            """);

    assertThat(config.sizeAt("hidden_size")).isEqualTo(64);
    assertThat(config.doubleAt("eps", 0, 1)).isEqualTo(1e-5);
    assertThat(config.doubleAt("rope_theta", 0, 1e9)).isEqualTo(1e6);
    assertThat(config.string("act")).isEqualTo("gelu");
    assertThat(config.booleanOr("tie", false)).isTrue();
    assertThat(config.ints("eos_token_id")).containsExactly(2, 7);
    assertThat(config.ints("bos_token_id")).containsExactly(1);
    assertThat(config.doubles("mean")).containsExactly(.5, 1.);
    assertThat(config.at("vision_config").sizeAt("patch_size")).isEqualTo(14);
    assertThat(config.stringMap("id2label")).containsEntry("1", "dog").hasSize(2);
    assertThat(config.has("none")).isFalse();
    assertThat(config.keys()).contains("tie");
  }

  @Test
  void getters_absentKeys_giveTheirDefaults() {
    ModelConfig config = ModelConfig.empty("generation_config.json");

    assertThat(config.isEmpty()).isTrue();
    assertThat(config.sizeOr("n", 3)).isEqualTo(3);
    assertThat(config.doubleOr("x", .5, 0, 1)).isEqualTo(.5);
    assertThat(config.stringOr("s", "d")).isEqualTo("d");
    assertThat(config.booleanOr("b", true)).isTrue();
    assertThat(config.ints("i")).isEmpty();
    assertThat(config.strings("i")).isEmpty();
    assertThat(config.atOrEmpty("o").atOrEmpty("p").sizeOr("n", 4)).isEqualTo(4);
    assertThatThrownBy(() -> config.atOrEmpty("text_config").sizeAt("hidden_size"))
        .isInstanceOf(WeightsException.class)
        .hasMessage(
            "generation_config.json: 'text_config.hidden_size': expected a whole number from 1 to"
                + " 1048576, found nothing");
  }

  @ParameterizedTest
  @CsvSource({
    "2147483648",
    "-1",
    "0",
    "1048577",
    "1e300",
    "64.5",
    "\"64\"",
    "[64]",
    "true",
    "1e40",
    "99999999999999999999999999999999999999"
  })
  void sizeAt_absurdValue_isRefused(String value) {
    ModelConfig config = read("{\"vision_config\":{\"hidden_size\":" + value + "}}");

    assertThatThrownBy(() -> config.at("vision_config").sizeAt("hidden_size"))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith(
            "config.json: 'vision_config.hidden_size': expected a whole number from 1 to 1048576,"
                + " found ");
  }

  @Test
  void sizeAt_wholeNumberWithAPoint_isTaken() {
    assertThat(read("{\"n\": 64.0}").sizeAt("n")).isEqualTo(64);
  }

  @Test
  void getters_wrongTypes_areRefused() {
    ModelConfig config = read("{\"o\": 3, \"s\": {}, \"b\": 1, \"d\": \"x\", \"l\": [1, \"x\"]}");

    assertThatThrownBy(() -> config.at("o")).hasMessageContaining("expected an object, found 3");
    assertThatThrownBy(() -> config.string("s"))
        .hasMessageContaining("expected a text, found OBJECT");
    assertThatThrownBy(() -> config.booleanOr("b", true)).hasMessageContaining("true or false");
    assertThatThrownBy(() -> config.doubleAt("d", 0, 1)).hasMessageContaining("a number from 0.0");
    assertThatThrownBy(() -> config.ints("l")).hasMessageContaining("found \"x\"");
  }

  @Test
  void orElse_absentKeys_comeFromTheDefaults() {
    ModelConfig config = read("{\"a\": 1, \"b\": null}").orElse(read("{\"a\": 2, \"b\": 3}"));

    assertThat(List.of(config.sizeAt("a"), config.sizeAt("b"))).containsExactly(1, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "7", "{", "{\"a\":1,\"a\":2}", "\u0000", "{'a':1}", "NaN"})
  void read_notOneJsonObject_isRefused(String content) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(WeightsException.class)
        .hasMessageStartingWith("config.json: ");
  }

  @Test
  void read_deepOrLongNumbers_areRefused() {
    assertThatThrownBy(() -> read("{\"a\":" + "[".repeat(100_000)))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("depth");
    assertThatThrownBy(() -> read("{\"a\":" + "9".repeat(100_000) + "}"))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("Number");
  }

  @Test
  void read_hugeFile_isRefusedBeforeReading() throws IOException {
    Path file = folder.resolve("config.json");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 33);
    }

    assertThatThrownBy(() -> ModelConfig.read(file))
        .isInstanceOf(WeightsException.class)
        .hasMessage("config.json: expected at most 16777216 bytes, found 8589934592");
  }

  private ModelConfig read(String json) {
    Path file = folder.resolve("config.json");
    return ModelConfig.read(Fixtures.write(file, json.getBytes(StandardCharsets.UTF_8)));
  }
}
