/** The moderation job. */
@NullMarked
package dev.sluice.jobs.moderation;

import org.jspecify.annotations.NullMarked;
