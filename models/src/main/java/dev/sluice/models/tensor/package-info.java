/**
 * The floor under everything that computes: devices, element types, Java arrays to tensors and
 * back, and the scopes that give native memory its end. Tensors belong to the thread that made
 * them, in production the device thread; this package knows nothing of models.
 */
@NullMarked
package dev.sluice.models.tensor;

import org.jspecify.annotations.NullMarked;
