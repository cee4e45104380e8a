package dev.sluice.serde;

import dev.sluice.serde.flink.RecordTypes;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * A picture that wants a caption or a verdict. Immutable.
 *
 * @param origin where it was read, null outside Kafka
 * @param traceparent W3C trace context
 * @param defect what is wrong with the record itself, null for a good one; a defective record
 *     carries whatever could be read of it and becomes a rejection at the first operator
 * @param policies what it is judged by, never a sender's word; null where nobody has settled that
 */
@PublicEvolving
@TypeInfo(RecordTypes.OfImageEvent.class)
public record ImageEvent(
    EventIdentity identity,
    Picture picture,
    ImageRequest request,
    @Nullable RecordOrigin origin,
    @Nullable String traceparent,
    @Nullable String defect,
    @Nullable PolicyAssignment policies) {

  /** As its sender made it. */
  public ImageEvent(
      EventIdentity identity,
      Picture picture,
      ImageRequest request,
      @Nullable RecordOrigin origin,
      @Nullable String traceparent,
      @Nullable String defect) {
    this(identity, picture, request, origin, traceparent, defect, null);
  }

  /** A good event that asks for nothing special. */
  public static ImageEvent of(EventIdentity identity, Picture picture) {
    return new ImageEvent(identity, picture, ImageRequest.NONE, null, null, null);
  }

  /** The same event with another picture. */
  public ImageEvent with(Picture other) {
    return new ImageEvent(identity, other, request, origin, traceparent, defect, policies);
  }

  /** The same event that asks for something else. */
  public ImageEvent with(ImageRequest other) {
    return new ImageEvent(identity, picture, other, origin, traceparent, defect, policies);
  }

  /** The same event with the policies that it is judged by. */
  public ImageEvent with(PolicyAssignment settled) {
    return new ImageEvent(identity, picture, request, origin, traceparent, defect, settled);
  }

  public String eventId() {
    return identity.eventId();
  }
}
