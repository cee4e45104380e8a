/**
 * The records as JSON: what Kafka's values and the command line's lines hold, field by field as
 * docs/records.md describes them. Unknown fields are ignored, so that a reader survives a newer
 * writer.
 */
@NullMarked
package dev.sluice.serde.json;

import org.jspecify.annotations.NullMarked;
