package dev.sluice.operators.device;

import java.util.function.BooleanSupplier;

/**
 * What a caller says of its request besides the work. Immutable.
 *
 * @param abandoned whether the result is no longer wanted; asked before the work begins
 */
public record RequestTerms(Urgency urgency, BooleanSupplier abandoned) {}
