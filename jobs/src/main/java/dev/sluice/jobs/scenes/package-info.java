/**
 * Catalogue scenes that the project draws itself: described by a seed, drawn at any size, with the
 * caption that a model should write. The embedded model is trained on them and measured with them.
 * Everything here is plain arithmetic on arrays, so a seed gives the same picture on every machine.
 */
@NullMarked
package dev.sluice.jobs.scenes;

import org.jspecify.annotations.NullMarked;
