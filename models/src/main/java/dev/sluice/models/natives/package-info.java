/** How native libraries come into a process. */
@NullMarked
package dev.sluice.models.natives;

import org.jspecify.annotations.NullMarked;
