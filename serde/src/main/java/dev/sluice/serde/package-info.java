/**
 * The records that flow: image events in, captions, verdicts and rejections out, and what lies
 * between. Immutable; see {@code json}, {@code kafka} and {@code flink} for how they are written.
 */
@NullMarked
package dev.sluice.serde;

import org.jspecify.annotations.NullMarked;
