package dev.sluice.operators;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.sluice.operators");

  @Test
  void operators_knowNeitherTensorsNorKafka() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.bytedeco..",
            "org.apache.kafka..",
            "org.apache.flink.connector.kafka..",
            "dev.sluice.jobs..",
            "dev.sluice.serde.kafka..")
        .check(CLASSES);
  }

  @Test
  void policy_knowsNoFlink() {
    noClasses()
        .that()
        .haveSimpleName("StepPolicy")
        .or()
        .haveSimpleName("InFlightQueue")
        .or()
        .haveSimpleName("Judgement")
        .or()
        .haveSimpleName("ModerationPolicy")
        .or()
        .haveSimpleName("Admission")
        .or()
        .haveSimpleName("CreditGate")
        .or()
        .haveSimpleName("HalvingBatch")
        .or()
        .haveSimpleName("Lane")
        .or()
        .haveSimpleName("Deaths")
        .or()
        .haveSimpleName("NativeGate")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.flink..")
        .check(CLASSES);
  }

  @Test
  void steps_doNotKnowEachOther() {
    for (String step : new String[] {"slice", "encode", "decode", "describe", "source"}) {
      classes()
          .that()
          .resideInAPackage("dev.sluice.operators." + step)
          .should()
          .onlyHaveDependentClassesThat()
          .resideInAnyPackage(
              "dev.sluice.operators." + step, "dev.sluice.operators", "dev.sluice.operators.sql")
          .check(CLASSES);
    }
  }

  @Test
  void device_knowsNoOperator() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.sluice.operators.device",
            "dev.sluice.operators.memory",
            "dev.sluice.operators.fetch",
            "dev.sluice.operators.poison")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.flink.streaming..",
            "dev.sluice.operators.stage",
            "dev.sluice.operators.source")
        .check(CLASSES);
  }
}
