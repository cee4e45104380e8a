package dev.sluice.operators.reuse;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What an event finds when it asks for a result. Immutable.
 *
 * @param <V> the result
 */
public sealed interface Claim<V> {

  /** It is there. */
  record Known<V>(V value) implements Claim<V> {}

  /**
   * Another event of the same picture leads.
   *
   * @param landing its result; nothing where it gave up and one must ask again; fails with {@link
   *     dev.sluice.operators.device.ImageRejectedException} where the picture is at fault
   */
  record Following<V>(CompletableFuture<Optional<V>> landing) implements Claim<V> {}

  /** This event leads: it computes the result and lands it, or gives up. */
  record Leading<V>(Lead<V> lead) implements Claim<V> {}
}
