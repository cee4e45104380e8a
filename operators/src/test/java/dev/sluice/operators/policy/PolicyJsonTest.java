package dev.sluice.operators.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.serde.PolicyChange;
import dev.sluice.serde.PolicyChange.Mode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyJsonTest {
  private static final Instant WRITTEN = Instant.parse("2026-03-01T12:00:00Z");
  private static final String CONTENT =
      "'id':'a','version':'2','question':'?','options':['no','yes'],'neutralOption':'no',"
          + "'labels':[{'code':'yes','reviewThreshold':0.2,'blockThreshold':0.5}]";

  @Test
  void policyAsInAFile_decidesFromWhenItWasWritten() {
    PolicyChange change = change("{" + CONTENT + "}");

    assertThat(change.id()).isEqualTo("a");
    assertThat(change.mode()).isEqualTo(Mode.DECIDE);
    assertThat(change.effectiveFrom()).isEqualTo(WRITTEN);
    assertThat(Objects.requireNonNull(change.policy()).version()).isEqualTo("2");
  }

  @Test
  void modeAndTime_areTakenAsTheyStand() {
    PolicyChange change =
        change("{" + CONTENT + ",'mode':'shadow','effectiveFrom':'2026-04-01T00:00:00+02:00'}");

    assertThat(change.mode()).isEqualTo(Mode.SHADOW);
    assertThat(change.effectiveFrom()).isEqualTo(Instant.parse("2026-03-31T22:00:00Z"));
  }

  @Test
  void endOfAShadow_needsAnIdAlone() {
    assertThat(change("{'id':'a','mode':'off'}"))
        .isEqualTo(new PolicyChange("a", Mode.OFF, WRITTEN, null));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                   | p: expected a JSON object, found none
          {'id':'a'                            | p: Unexpected end-of-input
          {'id':'a','id':'b'}                  | p: Duplicate field 'id'
          {'id':'a','version':'2'}             | p: expected a field 'question', found none
          {'id':'a','verison':'2'}             | p: Unrecognized field "verison"
          {'mode':'off'}                       | p: expected a field 'id', found none
          {'id':'a','mode':'off','version':'1'}| p: Unrecognized field "version"
          {'id':'a','mode':'on'}               | p: field 'mode': expected decide, shadow or off
          {'id':'a','mode':1}                  | p: field 'mode': expected a string, found number
          {'id':'a','effectiveFrom':'now'}     | p: field 'effectiveFrom': expected an ISO-8601 time
          """)
  void wrongRecord_isRefusedWithTheReason(String json, String reason) {
    assertThatThrownBy(() -> change(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(reason);
  }

  @Test
  void recordOfMoreThanAMegabyte_isRefused() {
    assertThatThrownBy(() -> change("{" + " ".repeat(1 << 20) + "}"))
        .hasMessage("p: expected at most 1048576 bytes, found 1048578");
  }

  private static PolicyChange change(String json) {
    return PolicyJson.change(
        json.replace('\'', '"').getBytes(StandardCharsets.UTF_8), WRITTEN, "p");
  }
}
