package dev.sluice.operators.policy;

import dev.sluice.serde.RecordOrigin;
import java.time.Instant;
import org.apache.flink.annotation.PublicEvolving;

/**
 * A record of a feed of policies, as it came. Immutable.
 *
 * @param time when it was written
 * @param json never changed
 */
@PublicEvolving
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PolicyRecord(RecordOrigin origin, Instant time, byte[] json) {}
