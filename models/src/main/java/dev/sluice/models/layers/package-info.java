/**
 * The building blocks that every family is made of. Tensors are packed: the tokens of all pictures
 * or sequences of a batch stand in one matrix [N, E] without padding, and only attention looks at
 * where one ends and the next begins.
 *
 * <p>A block loads itself from its scope of the checkpoint with the shapes it expects, so the code
 * tree is the checkpoint tree. Blocks belong to the device thread.
 */
@NullMarked
package dev.sluice.models.layers;

import org.jspecify.annotations.NullMarked;
