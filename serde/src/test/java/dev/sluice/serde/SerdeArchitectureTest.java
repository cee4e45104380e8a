package dev.sluice.serde;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class SerdeArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice.serde");

  @Test
  void serde_knowsNoLibtorch() {
    noClasses().should().dependOnClassesThat().resideInAPackage("org.bytedeco..").check(CLASSES);
  }

  @Test
  void serde_knowsOfTheModelsOnlyTheirValues() {
    noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are of the models, but not values",
                (JavaClass type) ->
                    type.getPackageName().startsWith("dev.sluice.models")
                        && !type.getPackageName().equals("dev.sluice.models.value")))
        .check(CLASSES);
  }

  @Test
  void json_knowsNeitherFlinkNorKafka() {
    noClasses()
        .that()
        .resideInAPackage("dev.sluice.serde.json")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..")
        .check(CLASSES);
  }
}
