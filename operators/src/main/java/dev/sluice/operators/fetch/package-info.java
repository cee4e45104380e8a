/**
 * Pictures that come by reference: where they may be fetched from, and the fetching. It trusts
 * neither the sender of a URI nor the server behind it
 * (docs/decisions/0015-fetching-by-reference.md).
 */
@NullMarked
package dev.sluice.operators.fetch;

import org.jspecify.annotations.NullMarked;
