/** The one thread per device and process that owns every tensor, and what it decides by. */
@NullMarked
package dev.sluice.operators.device;

import org.jspecify.annotations.NullMarked;
