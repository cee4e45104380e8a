/** Vision towers: from the pixels of tiles of any shape to features of their patches. */
@NullMarked
package dev.sluice.models.vision;

import org.jspecify.annotations.NullMarked;
