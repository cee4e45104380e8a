/**
 * Model folders as published: configuration files, weight files, tensors by name. Files come from
 * strangers, so every length, offset, name and opcode is checked before it is used, and nothing in
 * a file is ever executed. Opened by the device thread while a model loads.
 */
@NullMarked
package dev.sluice.models.weights;

import org.jspecify.annotations.NullMarked;
