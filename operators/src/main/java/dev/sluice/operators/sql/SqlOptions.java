package dev.sluice.operators.sql;

import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.VisionOptions;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** What {@code CREATE MODEL … WITH} takes; docs/sql.md is the contract. */
public final class SqlOptions {
  public static final ConfigOption<String> MODEL_DIR =
      ConfigOptions.key("model-dir")
          .stringType()
          .noDefaultValue()
          .withDescription("Folder of the model, as published, readable on every TaskManager.");

  public static final ConfigOption<SqlTask> TASK =
      ConfigOptions.key("task")
          .enumType(SqlTask.class)
          .noDefaultValue()
          .withDescription("What is asked of the model: caption, answer or verdict.");

  public static final ConfigOption<String> PROMPT =
      ConfigOptions.key("prompt")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "For captions: what the model is asked where a row has no prompt. By default what its"
                  + " family is usually asked.");

  public static final ConfigOption<String> POLICY =
      ConfigOptions.key("policy")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "For verdicts: the policy as JSON, or the file that holds it, read where the statement"
                  + " is planned.");

  public static final ConfigOption<OnRejection> ON_REJECTION =
      ConfigOptions.key("on-rejection")
          .enumType(OnRejection.class)
          .defaultValue(OnRejection.NULL)
          .withDescription(
              "What becomes of a row whose picture cannot be processed. NULL: its outputs are NULL,"
                  + " but for the column rejection, which says why. FAIL: the job fails.");

  /** Those of the engine, with the keys that they have everywhere. */
  static final Set<ConfigOption<?>> ENGINE =
      Set.of(
          ModelOptions.DEVICE,
          ModelOptions.DTYPE,
          ModelOptions.MEMORY_BUDGET,
          ModelOptions.KV_CACHE,
          ModelOptions.SEQUENCES,
          ModelOptions.IMAGE_MAX_BYTES,
          ModelOptions.IMAGE_MAX_PIXELS,
          ModelOptions.IMAGE_PRE_RESIZE,
          ModelOptions.ENCODE_LINGER,
          ModelOptions.ENCODE_MAX_TILES,
          ModelOptions.DEVICE_THREADS,
          ModelOptions.SLICE_THREADS,
          VisionOptions.MAX_NEW_TOKENS,
          VisionOptions.TEMPERATURE,
          VisionOptions.TOP_K,
          VisionOptions.TOP_P,
          VisionOptions.NUM_BEAMS,
          VisionOptions.LENGTH_PENALTY,
          VisionOptions.SEED);

  private SqlOptions() {}

  /** What becomes of a row whose picture cannot be processed. */
  public enum OnRejection {
    /** Its outputs are NULL. */
    NULL,
    /** The job fails. */
    FAIL
  }
}
