/**
 * The ledger of one device's memory: who holds how many bytes, and who may have more. Plain Java.
 */
@NullMarked
package dev.sluice.models.memory;

import org.jspecify.annotations.NullMarked;
