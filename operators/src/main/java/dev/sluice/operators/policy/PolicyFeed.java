package dev.sluice.operators.policy;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.PublicEvolving;

/**
 * Where changes of policies come from: a log that every reader sees whole and in the same order.
 * Immutable.
 */
@PublicEvolving
public interface PolicyFeed extends Serializable {

  /**
   * @param nextOffsets by partition; from their beginning where none is given
   * @throws IOException if it cannot be read, with the reason
   */
  Reader open(Map<Integer, Long> nextOffsets) throws IOException;

  /** One reader's place in the feed. Owned by the thread that opened it. */
  interface Reader extends AutoCloseable {

    /**
     * What came next, in order; waits a moment where there is nothing.
     *
     * @throws InterruptedException if nobody wants it any more
     */
    List<PolicyRecord> poll() throws InterruptedException;

    /** Whether all that was there when it was opened has been polled. */
    boolean isCaughtUp();

    @Override
    void close();
  }
}
