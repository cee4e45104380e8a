/**
 * The engine's public face: open a model folder, see what it can do, encode pictures, generate
 * text, score labels.
 *
 * <p>Letters used for shapes throughout the engine: B batch, S slices, P patches, Q queries, T
 * tokens, H heads, D head size, E width.
 */
@NullMarked
package dev.sluice.models;

import org.jspecify.annotations.NullMarked;
