/** Policies as JSON, and as they change while a job runs. */
@NullMarked
package dev.sluice.operators.policy;

import org.jspecify.annotations.NullMarked;
