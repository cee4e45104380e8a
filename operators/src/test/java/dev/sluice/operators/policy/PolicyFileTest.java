package dev.sluice.operators.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.serde.ModerationPolicy;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PolicyFileTest {

  @Test
  void missingField_isNamed() {
    assertThatThrownBy(() -> read("{\"id\":\"a\",\"version\":\"1\"}"))
        .hasMessage("policy file p.json: expected a field 'question', found none");
  }

  @Test
  void unknownField_isNamed() {
    assertThatThrownBy(() -> read("{\"idd\":\"a\"}")).hasMessageContaining("idd");
  }

  @Test
  void thresholdsTheWrongWayRound_areRefused() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    {"id":"a","version":"1","question":"?","options":["no","yes"],
                     "neutralOption":"no",
                     "labels":[{"code":"yes","reviewThreshold":0.9,"blockThreshold":0.5}]}
                    """))
        .hasMessageContaining("label 'yes'");
  }

  @Test
  void withoutNeutralOption_everyOptionMayCarryALabel() {
    ModerationPolicy policy =
        read(
            """
            {"id":"a","version":"1","question":"a photo of {}","options":["a knife","a gun"],
             "labels":[{"code":"knife","option":"a knife","reviewThreshold":0.2,
                        "blockThreshold":0.5},
                       {"code":"gun","option":"a gun","reviewThreshold":0.2,
                        "blockThreshold":0.5}]}
            """);
    assertThat(policy.neutralOption()).isNull();
    assertThat(policy.labels()).hasSize(2);
  }

  private static ModerationPolicy read(String json) {
    return PolicyFile.read(json.getBytes(StandardCharsets.UTF_8), "p.json");
  }
}
