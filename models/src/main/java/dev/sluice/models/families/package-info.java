/**
 * Model families: each composes a vision tower, a connector and a language model from a folder's
 * configuration, with no arithmetic of its own.
 */
@NullMarked
package dev.sluice.models.families;

import org.jspecify.annotations.NullMarked;
