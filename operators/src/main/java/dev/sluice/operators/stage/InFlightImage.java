package dev.sluice.operators.stage;

import dev.sluice.serde.ImageEvent;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a picture in flight: its event as it came, never pixels or tensors. Immutable.
 *
 * @param timestamp event time of the stream record, null where it has none
 */
record InFlightImage(ImageEvent event, @Nullable Long timestamp) {}
