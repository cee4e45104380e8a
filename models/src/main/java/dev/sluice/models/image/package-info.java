/**
 * Pictures: reading them within limits, planning their slices, cutting them. Runs on decoding
 * threads; holds nothing that lasts.
 */
@NullMarked
package dev.sluice.models.image;

import org.jspecify.annotations.NullMarked;
