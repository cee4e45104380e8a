package dev.sluice.operators;

import static dev.sluice.operators.ModelOptions.require;

import java.io.Serializable;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.annotation.PublicEvolving;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * Whether late pictures are cut into fewer slices, so that the stream catches up. Immutable.
 *
 * @param lag how late a picture may be before it is; null for any
 * @param byDeadline whether it is as its deadline comes near
 */
@PublicEvolving
public record DegradeOptions(@Nullable Duration lag, boolean byDeadline) implements Serializable {

  public static final ConfigOption<Duration> LAG =
      ConfigOptions.key("sluice.degrade.lag")
          .durationType()
          .noDefaultValue()
          .withDescription(
              "A picture whose event is older than this when its turn comes is cut into half of the"
                  + " model's most slices, one that is older than twice this into a quarter, and so on"
                  + " down to the overview. Its result says degraded. Not set: never.");

  public static final ConfigOption<Boolean> BY_DEADLINE =
      ConfigOptions.key("sluice.degrade.by-deadline")
          .booleanType()
          .defaultValue(false)
          .withDescription(
              "Cuts a picture into half of the model's most slices when half of the time from its"
                  + " event to its deadline is gone, into a quarter when three quarters are, and so on.");

  public DegradeOptions {
    if (lag != null) {
      require(!lag.isNegative() && !lag.isZero(), LAG, "more than 0", lag);
    }
  }

  /** Reads what is set under {@code sluice.degrade.}; the rest is as documented. */
  public static DegradeOptions from(ReadableConfig config) {
    Optional<Duration> lag = config.getOptional(LAG);
    return new DegradeOptions(lag.orElse(null), config.get(BY_DEADLINE));
  }
}
