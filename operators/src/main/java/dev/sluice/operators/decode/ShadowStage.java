package dev.sluice.operators.decode;

import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.stage.ImageWork;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.PolicyAssignment;
import dev.sluice.serde.Provenance.CacheUse;
import dev.sluice.serde.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ListTypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Judges pictures by the policy in the shadow of theirs: a list of one verdict, or of none where
 * there is no shadow. Immutable.
 */
public final class ShadowStage extends DecodeStage<List<Verdict>> {
  private static final long serialVersionUID = 1L;

  /** What comes out of it. */
  public static TypeInformation<List<Verdict>> type() {
    return new ListTypeInfo<>(Verdict.class);
  }

  @Override
  public long workMicros(List<Verdict> output) {
    return output.stream()
        .mapToLong(verdict -> verdict.provenance().timings().decodeMicros())
        .sum();
  }

  @Override
  public TypeInformation<List<Verdict>> resultType() {
    return type();
  }

  @Override
  public Optional<List<String>> question(ImageEvent event, ModelHandle model) {
    PolicyJudge judge = judge(event);
    return Optional.of(judge == null ? List.of() : judge.question());
  }

  @Override
  public List<Verdict> reuse(List<Verdict> known, ImageEvent event, CacheUse how) {
    PolicyJudge judge = judge(event);
    return judge == null
        ? List.of()
        : known.stream().map(verdict -> judge.reuse(verdict, event, how)).toList();
  }

  /** A picture without a shadow need not be cut again. */
  @Override
  public CompletableFuture<EncodedImage> recover(ImageEvent event, ImageWork work) {
    return judge(event) == null
        ? CompletableFuture.completedFuture(work.uncut(event))
        : super.recover(event, work);
  }

  @Override
  public CompletableFuture<List<Verdict>> process(EncodedImage input, ImageWork work) {
    PolicyJudge judge = judge(input.event());
    return judge == null
        ? CompletableFuture.completedFuture(List.of())
        : judge.judge(input, work).thenApply(List::of);
  }

  private static @Nullable PolicyJudge judge(ImageEvent event) {
    PolicyAssignment settled = event.policies();
    return settled == null || settled.shadow() == null ? null : new PolicyJudge(settled.shadow());
  }
}
