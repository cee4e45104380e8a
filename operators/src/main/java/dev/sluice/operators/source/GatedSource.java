package dev.sluice.operators.source;

import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.Workload;
import dev.sluice.serde.ImageEvent;
import java.util.Set;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.watermark.WatermarkDeclaration;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Reads from another source only while the model's device has room: a sluice gate before Kafka.
 * Immutable.
 *
 * <p>Splits, offsets and checkpoints are the other source's; a savepoint of the one can be restored
 * with the other.
 */
@PublicEvolving
public final class GatedSource<SplitT extends SourceSplit, EnumT>
    implements Source<ImageEvent, SplitT, EnumT>, ResultTypeQueryable<ImageEvent> {
  private static final long serialVersionUID = 1L;

  private final Source<ImageEvent, SplitT, EnumT> source;
  private final Workload workload;
  private final int capacity;

  private GatedSource(
      Source<ImageEvent, SplitT, EnumT> source, Workload workload, VisionOptions options) {
    this.source = source;
    this.workload = workload;
    this.capacity = options.capacity();
  }

  /** With the documented options. */
  public static <SplitT extends SourceSplit, EnumT> GatedSource<SplitT, EnumT> of(
      Source<ImageEvent, SplitT, EnumT> source, ModelRef model) {
    return of(source, model, VisionOptions.DEFAULTS);
  }

  public static <SplitT extends SourceSplit, EnumT> GatedSource<SplitT, EnumT> of(
      Source<ImageEvent, SplitT, EnumT> source, ModelRef model, VisionOptions options) {
    return of(source, Workload.of(model), options);
  }

  /** For several models that work on one picture. */
  public static <SplitT extends SourceSplit, EnumT> GatedSource<SplitT, EnumT> of(
      Source<ImageEvent, SplitT, EnumT> source, Workload workload, VisionOptions options) {
    return new GatedSource<>(source, workload, options);
  }

  @Override
  public SourceReader<ImageEvent, SplitT> createReader(SourceReaderContext context)
      throws Exception {
    return new GatedSourceReader<>(
        source.createReader(context), workload, capacity, context.metricGroup());
  }

  @Override
  public Boundedness getBoundedness() {
    return source.getBoundedness();
  }

  @Override
  public SplitEnumerator<SplitT, EnumT> createEnumerator(SplitEnumeratorContext<SplitT> context)
      throws Exception {
    return source.createEnumerator(context);
  }

  @Override
  public SplitEnumerator<SplitT, EnumT> restoreEnumerator(
      SplitEnumeratorContext<SplitT> context, EnumT checkpoint) throws Exception {
    return source.restoreEnumerator(context, checkpoint);
  }

  @Override
  public SimpleVersionedSerializer<SplitT> getSplitSerializer() {
    return source.getSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<EnumT> getEnumeratorCheckpointSerializer() {
    return source.getEnumeratorCheckpointSerializer();
  }

  @Override
  public Set<? extends WatermarkDeclaration> declareWatermarks() {
    return source.declareWatermarks();
  }

  @Override
  @SuppressWarnings("unchecked")
  public TypeInformation<ImageEvent> getProducedType() {
    return source instanceof ResultTypeQueryable<?> typed
        ? (TypeInformation<ImageEvent>) typed.getProducedType()
        : TypeInformation.of(ImageEvent.class);
  }
}
