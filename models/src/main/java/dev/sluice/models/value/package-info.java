/**
 * Plain values that cross the borders of the engine: pictures as bytes, plans, tokens, texts,
 * scores.
 *
 * <p>Everything here is immutable, holds no native memory and imports neither libtorch nor Flink.
 * An array that is handed to a constructor or returned by an accessor is shared, not copied
 * (pictures are large): nobody writes to it.
 */
@NullMarked
package dev.sluice.models.value;

import org.jspecify.annotations.NullMarked;
