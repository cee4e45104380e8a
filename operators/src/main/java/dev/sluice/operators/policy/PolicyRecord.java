package dev.sluice.operators.policy;

import dev.sluice.serde.RecordOrigin;
import java.time.Instant;

/**
 * A record of a feed of policies, as it came. Immutable.
 *
 * @param time when it was written
 * @param json never changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PolicyRecord(RecordOrigin origin, Instant time, byte[] json) {}
