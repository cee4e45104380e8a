package dev.sluice.operators.device;

import dev.sluice.models.ModelArithmetic;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.GeneratedText;
import java.util.Collection;

/**
 * What a step of generation reads at the least: the weights, and keys and values of the pictures;
 * those of the words are few beside them. Immutable.
 */
record StepBytes(ModelArithmetic.Text text, Dtype dtype) {

  /**
   * @param running texts, at least one
   */
  long of(Collection<DeviceRequest<TextGenerator.Request, GeneratedText>> running) {
    double rows =
        running.stream().mapToInt(request -> request.input().tokens().rows()).average().orElse(0);
    return text.stepBytes(dtype, running.size(), rows);
  }
}
