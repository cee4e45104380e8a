package dev.sluice.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          '' | sluice: expected one of the commands bench, calibrate, caption, demo, evaluate, inspect, moderate, send, slice, watch; see sluice --help
          bench nonsense | sluice bench: scenario 'nonsense': expected one of gemm, encode, decode, caption, slice, stream
          bench --batch 1,0 | sluice bench: --batch: expected at least 1, found 0
          bench --threads 0 | sluice bench: --threads: expected at least 1, found 0
          bench --repeats 0 | sluice bench: --repeats: expected at least 1, found 0
          bench --new-tokens 1 | sluice bench: --new-tokens: expected at least 2, found 1
          bench --images 0 | sluice bench: --images: expected at least 1, found 0
          bench --folder no/where | sluice bench: --folder: expected a folder, found no/where
          nonsense | sluice: Unmatched argument at index 0: 'nonsense'
          caption | sluice caption: Missing required parameter: 'PATH'
          caption --model no/where x.png | sluice caption: --model: expected a folder, found none at no/where
          caption --dtype int3 x.png | sluice caption: --dtype: expected float32, float16 or bfloat16, found 'int3'
          caption --max-new-tokens 0 x.png | sluice caption: --max-new-tokens: expected at least 1, found 0
          moderate --policy no/where x.png | sluice moderate: --policy: policy file no/where: there is none
          slice 3x4 | sluice slice: Missing required option: '--strategy=NAME'
          slice --strategy oblique 3x4 | sluice slice: slice strategy 'oblique': expected one of llava-uhd, llava-uhd-eval, minicpm-v, monkey
          slice --strategy monkey 3by4 | sluice slice: size '3by4': expected WxH such as 1280x720
          slice --strategy monkey 0x4 | sluice slice: size '0x4': expected WxH such as 1280x720
          inspect --trace out.safetensors | sluice inspect: --image: expected a picture to run, found nothing
          watch --bootstrap-servers b:1 --port 70000 | sluice watch: --port: expected 0 to 65535, found 70000
          watch --bootstrap-servers b:1 --flink nowhere | sluice watch: --flink: expected a URL such as http://127.0.0.1:8081, found nowhere
          send --bootstrap-servers b:1 --images 0 | sluice send: --images: expected at least 1, found 0
          inspect --image no/where | sluice inspect: --image: expected a file, found none at no/where
          evaluate --pictures 0 --seed 1 | sluice evaluate: --pictures: expected at least 1, found 0
          evaluate --pictures 1 --seed 1 --batch 0 | sluice evaluate: --batch: expected at least 1, found 0
          calibrate --pictures 0 --seed 1 --fit-version 1 --out c.json | sluice calibrate: --pictures: expected at least 1, found 0
          evaluate --pictures 3 | sluice evaluate: Missing required option: '--seed=S'
          demo --model a    | sluice demo: --model and --policy: expected both or neither, found one
          demo --images 0 | sluice demo: --images: expected at least 1, found 0
          demo --folder no/where | sluice demo: --folder: expected a folder, found none at no/where
          """)
  void badUsage_isOneSentenceAndExitCode2(String arguments, String sentence) {
    CommandLineRun run =
        CommandLineRun.of(arguments.isEmpty() ? new String[0] : arguments.split(" "));

    assertThat(run.err()).containsExactly(sentence);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void help_isNoFailure() {
    CommandLineRun run = CommandLineRun.of("--help");

    assertThat(run.code()).isZero();
    assertThat(run.out()).anyMatch(line -> line.contains("moderate"));
  }

  @Test
  void moderateWithAnotherModel_wantsItsPolicy(@TempDir Path model) {
    assertThat(CommandLineRun.of("moderate", "--model", model.toString(), "x.png").err())
        .containsExactly("sluice moderate: --policy: expected a JSON file, found nothing");
  }

  @Test
  void inspectAsJson_isOneLine() {
    assertThat(CommandLineRun.of("inspect", "--json").out())
        .singleElement()
        .asString()
        .startsWith("{")
        .endsWith("}");
  }

  @Test
  void modelFolderWithoutAModel_isNamed(@TempDir Path model) {
    CommandLineRun run = CommandLineRun.of("inspect", "--model", model.toString());

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).hasSize(1).first().asString().contains(model.toString());
  }

  @Test
  void slice_writesOneJsonLineForEachSize() {
    CommandLineRun run =
        CommandLineRun.of("slice", "--strategy", "llava-uhd", "336x336", "1280x720");

    assertThat(run.code()).isZero();
    assertThat(run.out())
        .containsExactly(
            "{\"width\":336,\"height\":336,\"grid\":null,\"thumbnail\":[336,336],\"n_slices\":0,"
                + "\"slice\":null,\"refine\":null,\"ind_tokens\":[]}",
            "{\"width\":1280,\"height\":720,\"grid\":[3,2],\"thumbnail\":[448,252],\"n_slices\":6,"
                + "\"slice\":[364,308],\"refine\":[1092,616],"
                + "\"ind_tokens\":[29892,29892,13,29892,29892,13]}");
  }

  @Test
  void missingPictures_areNamedAndExitCode1(@TempDir Path folder) throws Exception {
    Path out = folder.resolve("captions.jsonl");

    CommandLineRun run =
        CommandLineRun.of("caption", "--out", out.toString(), "no/where.png", "no/other.png");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            List.of(
                "no/where.png: there is no such file or folder",
                "no/other.png: there is no such file or folder"));
    assertThat(Files.readString(out)).isEmpty();
  }
}
