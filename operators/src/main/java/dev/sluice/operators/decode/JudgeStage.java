package dev.sluice.operators.decode;

import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.stage.ImageWork;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.PolicyAssignment;
import dev.sluice.serde.Provenance.CacheUse;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.TypeInformation;

/**
 * Scores a policy's labels on a picture and decides: the policy that was settled when the picture
 * came in, otherwise one of the job's own. Immutable.
 */
public final class JudgeStage extends DecodeStage<Verdict> {
  private static final long serialVersionUID = 1L;

  private final List<ModerationPolicy> policies;

  /**
   * @param policies the first is the job's own, the others are for events that ask for them
   */
  public JudgeStage(List<ModerationPolicy> policies) {
    this.policies = List.copyOf(policies);
    long ids = policies.stream().map(ModerationPolicy::id).distinct().count();
    if (policies.isEmpty() || ids != policies.size()) {
      throw new IllegalArgumentException(
          "policies: expected at least one, each with its own id, found "
              + policies.stream().map(ModerationPolicy::id).toList());
    }
  }

  @Override
  public long workMicros(Verdict output) {
    return output.provenance().timings().decodeMicros();
  }

  @Override
  public TypeInformation<Verdict> resultType() {
    return TypeInformation.of(Verdict.class);
  }

  @Override
  public Optional<List<String>> question(ImageEvent event, ModelHandle model) {
    return judge(event).map(PolicyJudge::question);
  }

  @Override
  public Verdict reuse(Verdict known, ImageEvent event, CacheUse how) {
    return judge(event).orElseThrow().reuse(known, event, how);
  }

  @Override
  public CompletableFuture<Verdict> process(EncodedImage input, ImageWork work) {
    return judge(input.event())
        .map(judge -> judge.judge(input, work))
        .orElseGet(() -> CompletableFuture.failedFuture(noPolicy(input.event())));
  }

  private Optional<PolicyJudge> judge(ImageEvent event) {
    PolicyAssignment settled = event.policies();
    if (settled != null) {
      return Optional.of(new PolicyJudge(settled.deciding()));
    }
    String id = event.request().policyId();
    return policies.stream()
        .filter(policy -> id == null || policy.id().equals(id))
        .findFirst()
        .map(PolicyJudge::new);
  }

  private ImageRejectedException noPolicy(ImageEvent event) {
    return new ImageRejectedException(
        Rejection.Category.UNSUPPORTED,
        "policy '%s': expected one of %s, or one that was sent and held at %s"
            .formatted(
                event.request().policyId(),
                policies.stream().map(ModerationPolicy::id).toList(),
                event.identity().eventTime()));
  }
}
