package dev.sluice.jobs.stream;

import dev.sluice.operators.Workload;
import dev.sluice.operators.source.GatedSource;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.kafka.ImageEventDeserializer;
import dev.sluice.serde.kafka.RejectionSerializer;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/** The two ends of a job: pictures in through the gate, results out in transactions. Immutable. */
public final class KafkaEndpoints {
  private final JobOptions options;

  public KafkaEndpoints(JobOptions options) {
    this.options = options;
  }

  /** Image events as fast as the device takes them. */
  public SingleOutputStreamOperator<ImageEvent> images(StreamExecutionEnvironment env) {
    return images(env, Workload.of(options.model()));
  }

  /** Image events as fast as the device takes them where several models work on each. */
  public SingleOutputStreamOperator<ImageEvent> images(
      StreamExecutionEnvironment env, Workload workload) {
    KafkaOptions kafka = options.kafka();
    KafkaSource<ImageEvent> source =
        KafkaSource.<ImageEvent>builder()
            .setBootstrapServers(kafka.bootstrapServers())
            .setTopics(kafka.topics().images())
            .setGroupId(kafka.groupId())
            .setStartingOffsets(startingOffsets(kafka.startingOffsets()))
            .setDeserializer(new ImageEventDeserializer())
            .setProperties(kafka.clientProperties())
            .build();
    return env.fromSource(
            GatedSource.of(source, workload, options.vision()), watermarks(), "images")
        .uid("sluice-images");
  }

  /** Writes results to their topic, exactly once. */
  public <T> void write(
      DataStream<T> results, String name, KafkaRecordSerializationSchema<T> serializer) {
    KafkaOptions kafka = options.kafka();
    KafkaSink<T> sink =
        KafkaSink.<T>builder()
            .setBootstrapServers(kafka.bootstrapServers())
            .setKafkaProducerConfig(kafka.clientProperties())
            .setProperty(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                String.valueOf(kafka.transactionTimeout().toMillis()))
            .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
            .setTransactionalIdPrefix(kafka.transactionalIdPrefix() + "-" + name)
            .setRecordSerializer(serializer)
            .build();
    results.sinkTo(sink).name(name).uid("sluice-" + name);
  }

  /** Writes rejections to the topic of all rejections, exactly once. */
  public void writeRejections(DataStream<Rejection> rejections) {
    write(rejections, "rejected", new RejectionSerializer(options.kafka().topics().rejected()));
  }

  private WatermarkStrategy<ImageEvent> watermarks() {
    return WatermarkStrategy.<ImageEvent>forBoundedOutOfOrderness(options.outOfOrderness())
        .withTimestampAssigner((event, timestamp) -> event.identity().eventTime().toEpochMilli());
  }

  @SuppressWarnings("deprecation") // the connector takes no other type
  private static OffsetsInitializer startingOffsets(KafkaOptions.StartingOffsets offsets) {
    return switch (offsets) {
      case COMMITTED -> OffsetsInitializer.committedOffsets(OffsetResetStrategy.EARLIEST);
      case EARLIEST -> OffsetsInitializer.earliest();
      case LATEST -> OffsetsInitializer.latest();
    };
  }
}
