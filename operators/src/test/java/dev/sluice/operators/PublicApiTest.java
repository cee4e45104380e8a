package dev.sluice.operators;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.annotation.Internal;
import org.apache.flink.annotation.PublicEvolving;
import org.junit.jupiter.api.Test;

/**
 * What is marked as public stands by itself: whoever uses it needs nothing that is not
 * (docs/decisions/0026-public-api.md).
 */
class PublicApiTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.sluice.operators", "dev.sluice.serde");

  /** Public as a whole; they know no Flink. */
  private static final Set<String> PACKAGES =
      Set.of("dev.sluice.models.value", "dev.sluice.serde.json");

  @Test
  void markedClasses_showOnlyMarkedOnes() {
    List<String> exposed =
        marked()
            .flatMap(type -> type.getCodeUnits().stream())
            .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(unit -> !unit.isAnnotatedWith(Internal.class))
            .flatMap(
                unit ->
                    signature(unit)
                        .filter(type -> !isPublic(type))
                        .map(type -> unit.getFullName() + " shows " + type.getName()))
            .sorted()
            .toList();

    assertThat(exposed).isEmpty();
  }

  @Test
  void whatAUserTouches_isMarked() {
    assertThat(marked().map(JavaClass::getName))
        .contains(
            "dev.sluice.operators.VisionLanguage",
            "dev.sluice.operators.source.GatedSource",
            "dev.sluice.serde.Verdict",
            "dev.sluice.serde.kafka.VerdictSerializer");
  }

  private static Stream<JavaClass> marked() {
    return CLASSES.stream()
        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
        .filter(type -> outermost(type).isAnnotatedWith(PublicEvolving.class));
  }

  private static Stream<JavaClass> signature(JavaCodeUnit unit) {
    return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
        .flatMap(type -> type.getAllInvolvedRawTypes().stream())
        .map(JavaClass::getBaseComponentType);
  }

  private static boolean isPublic(JavaClass type) {
    return !type.getPackageName().startsWith("dev.sluice")
        || PACKAGES.contains(type.getPackageName())
        || outermost(type).isAnnotatedWith(PublicEvolving.class);
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(PublicApiTest::outermost).orElse(type);
  }
}
