package dev.sluice.operators.policy;

import dev.sluice.serde.PolicyChange;
import org.jspecify.annotations.Nullable;

/**
 * A record of a feed with what was found in it. Immutable.
 *
 * @param change null where it could not be read
 * @param problem null where the model can work with it
 */
record CheckedPolicy(
    PolicyRecord record, @Nullable PolicyChange change, @Nullable String problem) {}
