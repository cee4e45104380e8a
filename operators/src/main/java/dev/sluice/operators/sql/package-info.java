/** The models as Flink SQL sees them: {@code CREATE MODEL} and {@code ML_PREDICT}. */
@NullMarked
package dev.sluice.operators.sql;

import org.jspecify.annotations.NullMarked;
