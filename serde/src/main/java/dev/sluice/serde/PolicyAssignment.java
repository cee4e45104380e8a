package dev.sluice.serde;

import org.apache.flink.annotation.PublicEvolving;
import org.jspecify.annotations.Nullable;

/**
 * The policies that a picture is judged by, settled once, when it comes in. Immutable.
 *
 * @param deciding what its verdict follows from
 * @param shadow asked as well, decides nothing; null for none
 */
@PublicEvolving
public record PolicyAssignment(ModerationPolicy deciding, @Nullable ModerationPolicy shadow) {}
