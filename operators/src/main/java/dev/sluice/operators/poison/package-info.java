/**
 * Finds the picture that ends its process natively: a crash journal that survives the process, what
 * is remembered of deaths, and the gate that lets suspects run alone.
 */
@NullMarked
package dev.sluice.operators.poison;

import org.jspecify.annotations.NullMarked;
