/**
 * How the records lie in Flink's state and between its tasks: one codec per record, one serializer
 * for all of them, types that Flink finds by itself.
 *
 * <p>Every record is written with the version of its codec in front. A codec that gains a field
 * raises its version and still reads the older ones; a snapshot that names a newer version than
 * this build knows is refused before anything is read.
 */
@NullMarked
package dev.sluice.serde.flink;

import org.jspecify.annotations.NullMarked;
