package dev.sluice.jobs;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class JobsArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice.jobs");

  @Test
  void jobs_knowNoLibtorch() {
    noClasses().should().dependOnClassesThat().resideInAPackage("org.bytedeco..").check(CLASSES);
  }

  @Test
  void jobsThatAreSubmitted_knowNeitherCommandLineNorDemo() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.sluice.jobs",
            "dev.sluice.jobs.stream",
            "dev.sluice.jobs.captioning",
            "dev.sluice.jobs.describe",
            "dev.sluice.jobs.moderation")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.sluice.jobs.cli..",
            "dev.sluice.jobs.demo..",
            "dev.sluice.jobs.files..",
            "dev.sluice.jobs.embedded..",
            "dev.sluice.jobs.watch..",
            "picocli..")
        .check(CLASSES);
  }

  @Test
  void scenes_knowNothingElseOfTheProgram() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.jobs.scenes")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..", "picocli..")
        .check(CLASSES);
  }
}
