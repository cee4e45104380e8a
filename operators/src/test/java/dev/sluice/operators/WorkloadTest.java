package dev.sluice.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class WorkloadTest {
  private final ModelRef model = FakeDevice.named("workload").model(1);

  @Test
  void pictureBytes_areTheTilesOfAllViewsAndTheRestOfOne() throws Exception {
    long once = FakeDevice.COSTS.totalBytes();
    long tiles = FakeDevice.COSTS.tilesBytes();
    Workload workload =
        new Workload(List.of(new Workload.Share(model, 1), new Workload.Share(model, 4)), 0);

    assertThat(Workload.of(model).pictureBytes()).isEqualTo(once);
    assertThat(workload.pictureBytes()).isEqualTo(2 * once + 3 * tiles);
  }

  @Test
  void describing_coversEveryModelThatIsThere() {
    Configuration config =
        new Configuration()
            .set(DescribeOptions.CAPTION_MODEL, "/caption")
            .set(DescribeOptions.MATCH_MODEL, "/match")
            .set(DescribeOptions.MAX_REGIONS, 6);

    Workload workload = DescribeOptions.from(config).workload();

    assertThat(workload.shares())
        .extracting(share -> share.model().path() + " " + share.views())
        .containsExactly("/caption 1", "/caption 6", "/match 7");
    assertThat(workload.laterSteps()).isZero();
  }

  @Test
  void modelsOfTwoDevices_areRefused() {
    Workload.Share here = new Workload.Share(model, 1);
    Workload.Share there = new Workload.Share(FakeDevice.named("elsewhere").model(1), 1);

    assertThatThrownBy(() -> new Workload(List.of(here, there), 0))
        .hasMessage("models of one picture: expected one device, found [workload, elsewhere]");
  }
}
