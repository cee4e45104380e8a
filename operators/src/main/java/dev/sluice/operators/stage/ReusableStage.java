package dev.sluice.operators.stage;

import dev.sluice.operators.device.ModelHandle;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Provenance.CacheUse;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/** A step whose result for one event can answer others of the same picture. Immutable. */
public interface ReusableStage<IN, OUT> extends Stage<IN, OUT> {

  /** For the results that are kept in state. */
  TypeInformation<OUT> resultType();

  /** Whether the same picture and question may well have another result next time. */
  default boolean isDrawn() {
    return false;
  }

  /**
   * All that a result depends on beside the picture and the model; called on any thread.
   *
   * @return nothing where the event must be worked on
   */
  Optional<List<String>> question(ImageEvent event, ModelHandle model);

  /** The result of another event as this event's own. */
  OUT reuse(OUT known, ImageEvent event, CacheUse how);
}
