package dev.sluice.operators.policy;

import dev.sluice.serde.ModerationPolicy;

/** Says whether a policy can be worked with. Owned by the thread that follows the feed. */
interface PolicyCheck extends AutoCloseable {

  /**
   * @throws IllegalArgumentException if it cannot, with the reason
   */
  void check(ModerationPolicy policy) throws Exception;

  @Override
  void close();
}
