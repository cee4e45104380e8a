package dev.sluice.serde;

import org.jspecify.annotations.Nullable;

/**
 * The policies that a picture is judged by, settled once, when it comes in. Immutable.
 *
 * @param deciding what its verdict follows from
 * @param shadow asked as well, decides nothing; null for none
 */
public record PolicyAssignment(ModerationPolicy deciding, @Nullable ModerationPolicy shadow) {}
