package dev.sluice.operators.device;

import dev.sluice.serde.ImageEvent;
import java.util.function.BooleanSupplier;

/**
 * The picture that work is for. Immutable.
 *
 * @param event names it to the crash journal
 * @param abandoned whether nobody wants the result any more; work that has not begun by then is
 *     dropped
 */
public record Subject(ImageEvent event, BooleanSupplier abandoned) {

  RequestTerms terms() {
    return new RequestTerms(Urgency.of(event.request()), abandoned);
  }
}
