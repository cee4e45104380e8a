package dev.sluice.models.natives;

import dev.sluice.models.tensor.TorchRuntime;

/** What a process does first. */
final class LoadingMain {
  private LoadingMain() {}

  public static void main(String[] args) {
    TorchRuntime.initialise(1);
  }
}
