/**
 * Language models over packed rows: any mix of prompt pieces and single decoding rows goes through
 * in one pass. A model knows layers and caches, not sequences and not how tokens are chosen.
 */
@NullMarked
package dev.sluice.models.language;

import org.jspecify.annotations.NullMarked;
