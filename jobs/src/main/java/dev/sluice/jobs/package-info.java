/** What people run: the jobs for a cluster, and their entry point. */
@NullMarked
package dev.sluice.jobs;

import org.jspecify.annotations.NullMarked;
