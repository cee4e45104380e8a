package dev.sluice.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TensorScopeTest {
  @BeforeAll
  static void initialise() {
    TorchRuntime.initialise(2);
  }

  @Test
  void close_withoutKeep_freesAll() {
    Tensor inside;
    try (TensorScope scope = new TensorScope()) {
      inside = Tensors.ofFloats(new float[] {1, 2}, 2);
    }

    assertThat(inside.isNull()).isTrue();
  }

  @Test
  void keep_fromNestedScopes_survivesThemAllUntilClosed() {
    Tensor kept;
    try (TensorScope outer = new TensorScope()) {
      try (TensorScope inner = new TensorScope()) {
        kept = inner.keep(Tensors.ofFloats(new float[] {1, 2}, 2));
      }
    }

    assertThat(Tensors.toFloats(kept)).containsExactly(1, 2);
    kept.close();
    assertThat(kept.isNull()).isTrue();
  }

  @Test
  void pass_toTheEnclosingScope_endsWithIt() {
    Tensor passed;
    try (TensorScope outer = new TensorScope()) {
      try (TensorScope inner = new TensorScope()) {
        passed = inner.pass(Tensors.ofFloats(new float[] {1, 2}, 2));
      }
      assertThat(Tensors.toFloats(passed)).containsExactly(1, 2);
    }

    assertThat(passed.isNull()).isTrue();
  }

  @Test
  void pass_withoutEnclosingScope_isTheCallersToClose() {
    Tensor passed;
    try (TensorScope scope = new TensorScope()) {
      passed = scope.pass(Tensors.ofFloats(new float[] {1, 2}, 2));
    }

    assertThat(Tensors.toFloats(passed)).containsExactly(1, 2);
    passed.close();
  }

  @Test
  void close_ofATensorInsideItsScope_isHarmless() {
    try (TensorScope scope = new TensorScope()) {
      Tensor tensor = Tensors.ofFloats(new float[] {1, 2}, 2);
      tensor.close();
      assertThat(tensor.isNull()).isTrue();
    }
  }

  @Test
  void liveObjects_afterManySteps_doNotGrow() {
    step();
    long before = TensorScope.liveObjects();
    for (int i = 0; i < 100; i++) {
      step();
    }

    assertThat(TensorScope.liveObjects()).isLessThanOrEqualTo(before);
  }

  private static void step() {
    try (TensorScope scope = new TensorScope()) {
      Tensor a = Tensors.ofFloats(new float[] {1, 2, 3, 4}, 2, 2);
      assertThat(Tensors.toFloats(a.matmul(a))).containsExactly(7, 10, 15, 22);
    }
  }

  @Test
  void inference_insideAScope_lastsUntilItIsClosed() {
    try (TorchRuntime.Inference inference = TorchRuntime.inference()) {
      try (TensorScope scope = new TensorScope()) {
        Tensors.ofFloats(new float[] {1}, 1);
      }
      assertThat(InferenceMode.is_enabled()).isTrue();
    }

    assertThat(InferenceMode.is_enabled()).isFalse();
  }

  @Test
  void initialise_again_keepsTheFirstSize() {
    int inForce = TorchRuntime.initialise(2);

    assertThat(TorchRuntime.initialise(inForce + 1)).isEqualTo(inForce);
  }
}
