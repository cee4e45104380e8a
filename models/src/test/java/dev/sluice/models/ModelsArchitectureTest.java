package dev.sluice.models;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may import whom: docs/architecture.md in rules. */
class ModelsArchitectureTest {
  private static final String ROOT = "dev.sluice.models.";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice.models");

  /** Each package, and the packages of the engine that it must not know. */
  @ParameterizedTest
  @CsvSource({
    "value, image tensor weights tokenizer layers vision resampler language generation families",
    "natives, value image tensor weights tokenizer layers vision resampler language generation"
        + " families memory",
    "memory, image tensor weights tokenizer layers vision resampler language generation families",
    "image, tensor weights tokenizer layers vision resampler language generation families memory",
    "tensor, image weights tokenizer layers vision resampler language generation families memory",
    "tokenizer, image layers vision resampler language generation families memory",
    "weights, image layers vision resampler language generation families memory",
    "layers, image tokenizer vision resampler language generation families memory",
    "vision, image tokenizer resampler language generation families memory",
    "resampler, image tokenizer vision language generation families memory",
    "language, image tokenizer vision resampler generation families memory",
    "generation, image tokenizer vision resampler families memory",
  })
  void packages_lookDownwardOnly(String name, String forbidden) {
    String[] packages =
        List.of(forbidden.split(" ", -1)).stream()
            .map(other -> ROOT + other + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(CLASSES);
  }

  @Test
  void libtorch_staysWhereTensorsLive() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            ROOT + "tensor..",
            ROOT + "weights..",
            ROOT + "layers..",
            ROOT + "vision..",
            ROOT + "resampler..",
            ROOT + "language..",
            ROOT + "generation..",
            ROOT + "families..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco.pytorch..")
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generation.Scheduler",
        "generation.SharedPrefixes",
        "generation.Sequence",
        "generation.Batch",
        "generation.KvBlockPool",
        "generation.PackedBatch",
        "generation.PromptLayout",
        "generation.Sampler",
        "generation.SequenceGroup",
        "generation.BeamSearch",
        "generation.TokenSelector",
        "generation.LogProbabilities",
        "generation.StepOutput",
        "generation.VisualRows",
        "image.SlicePlanner",
        "image.AdaptiveGridPlanner",
        "memory.MemoryLedger",
        "resampler.RoiAlign",
      })
  void policy_isPlainJava(String name) {
    noClasses()
        .that()
        .haveFullyQualifiedName(ROOT + name)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bytedeco..")
        .check(CLASSES);
  }

  @Test
  void engine_knowsNeitherFlinkNorKafka() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..")
        .check(CLASSES);
  }
}
