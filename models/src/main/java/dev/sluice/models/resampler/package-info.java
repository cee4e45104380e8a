/** Resamplers: from the patches of a tile to a fixed number of visual tokens. */
@NullMarked
package dev.sluice.models.resampler;

import org.jspecify.annotations.NullMarked;
