/** The command line; see docs/cli.md. */
@NullMarked
package dev.sluice.jobs.cli;

import org.jspecify.annotations.NullMarked;
