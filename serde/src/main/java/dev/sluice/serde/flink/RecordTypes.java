package dev.sluice.serde.flink;

import dev.sluice.serde.Caption;
import dev.sluice.serde.Description;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.PolicyChange;
import dev.sluice.serde.PolicyStatus;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.SlicedImage;
import dev.sluice.serde.Verdict;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInfoFactory;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * The Flink types of the records that flow. Thread-safe.
 *
 * <p>{@code TypeInformation.of(Caption.class)} finds the same ones through the factories below.
 */
@PublicEvolving
public final class RecordTypes {
  public static final RecordTypeInfo<ImageEvent> IMAGE_EVENT =
      new RecordTypeInfo<>(ImageEventCodec.INSTANCE);
  public static final RecordTypeInfo<SlicedImage> SLICED_IMAGE =
      new RecordTypeInfo<>(SlicedImageCodec.INSTANCE);
  public static final RecordTypeInfo<EncodedImage> ENCODED_IMAGE =
      new RecordTypeInfo<>(EncodedImageCodec.INSTANCE);
  public static final RecordTypeInfo<Caption> CAPTION = new RecordTypeInfo<>(CaptionCodec.INSTANCE);
  public static final RecordTypeInfo<Verdict> VERDICT = new RecordTypeInfo<>(VerdictCodec.INSTANCE);
  public static final RecordTypeInfo<Description> DESCRIPTION =
      new RecordTypeInfo<>(DescriptionCodec.INSTANCE);
  public static final RecordTypeInfo<Rejection> REJECTION =
      new RecordTypeInfo<>(RejectionCodec.INSTANCE);

  public static final RecordTypeInfo<PolicyChange> POLICY_CHANGE =
      new RecordTypeInfo<>(PolicyChangeCodec.INSTANCE);
  public static final RecordTypeInfo<PolicyStatus> POLICY_STATUS =
      new RecordTypeInfo<>(PolicyStatusCodec.INSTANCE);

  private static final List<RecordCodec<?>> CODECS =
      List.of(
          ImageEventCodec.INSTANCE,
          SlicedImageCodec.INSTANCE,
          EncodedImageCodec.INSTANCE,
          CaptionCodec.INSTANCE,
          VerdictCodec.INSTANCE,
          DescriptionCodec.INSTANCE,
          RejectionCodec.INSTANCE,
          PolicyChangeCodec.INSTANCE,
          PolicyStatusCodec.INSTANCE);

  private RecordTypes() {}

  /**
   * @throws IllegalStateException for a name that this build does not know
   */
  @SuppressWarnings("unchecked") // a codec's name stands for its record
  static <T> RecordCodec<T> codecOf(String name) {
    for (RecordCodec<?> codec : CODECS) {
      if (codec.recordName().equals(name)) {
        return (RecordCodec<T>) codec;
      }
    }
    throw new IllegalStateException(
        "serializer snapshot: no record is called '%s'; restore it with the release that wrote it"
            .formatted(name));
  }

  /** For {@code @TypeInfo}. */
  public static final class OfImageEvent extends TypeInfoFactory<ImageEvent> {
    @Override
    public TypeInformation<ImageEvent> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return IMAGE_EVENT;
    }
  }

  /** For {@code @TypeInfo}. */
  public static final class OfSlicedImage extends TypeInfoFactory<SlicedImage> {
    @Override
    public TypeInformation<SlicedImage> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return SLICED_IMAGE;
    }
  }

  /** For {@code @TypeInfo}. */
  public static final class OfEncodedImage extends TypeInfoFactory<EncodedImage> {
    @Override
    public TypeInformation<EncodedImage> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return ENCODED_IMAGE;
    }
  }

  /** For {@code @TypeInfo}. */
  public static final class OfCaption extends TypeInfoFactory<Caption> {
    @Override
    public TypeInformation<Caption> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return CAPTION;
    }
  }

  /** For {@code @TypeInfo}. */
  public static final class OfVerdict extends TypeInfoFactory<Verdict> {
    @Override
    public TypeInformation<Verdict> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return VERDICT;
    }
  }

  /** For {@code @TypeInfo}. */
  public static final class OfDescription extends TypeInfoFactory<Description> {
    @Override
    public TypeInformation<Description> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return DESCRIPTION;
    }
  }

  /** For {@code @TypeInfo}. */
  public static final class OfRejection extends TypeInfoFactory<Rejection> {
    @Override
    public TypeInformation<Rejection> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return REJECTION;
    }
  }

  /** For {@code @TypeInfo}. */
  public static final class OfPolicyChange extends TypeInfoFactory<PolicyChange> {
    @Override
    public TypeInformation<PolicyChange> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return POLICY_CHANGE;
    }
  }

  /** For {@code @TypeInfo}. */
  public static final class OfPolicyStatus extends TypeInfoFactory<PolicyStatus> {
    @Override
    public TypeInformation<PolicyStatus> createTypeInfo(
        Type type, Map<String, TypeInformation<?>> parameters) {
      return POLICY_STATUS;
    }
  }
}
