/**
 * The records in Kafka: image events come as CloudEvents in binary mode or as JSON, results leave
 * as JSON under their event's id.
 */
@NullMarked
package dev.sluice.serde.kafka;

import org.jspecify.annotations.NullMarked;
