package dev.sluice.operators.decode;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.Prompt;
import dev.sluice.operators.ModerationPolicy;
import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.operators.device.ModelHandle;
import dev.sluice.operators.device.Timed;
import dev.sluice.operators.stage.ImageWork;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Provenance.CacheUse;
import dev.sluice.serde.Rejection;
import dev.sluice.serde.Verdict;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/**
 * Scores a policy's labels on a picture and decides; the event may name which policy. Immutable.
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

  /** All that the policy says, since its version is only a promise. */
  @Override
  public Optional<List<String>> question(ImageEvent event, ModelHandle model) {
    return find(event.request().policyId()).map(policy -> List.of(policy.toString()));
  }

  @Override
  public Verdict reuse(Verdict known, ImageEvent event, CacheUse how) {
    String verdictId =
        Judgement.verdictId(
            event.eventId(),
            pictureSha256(event.picture()),
            find(event.request().policyId()).orElseThrow(),
            known.provenance().model().weightsSha256(),
            known.calibration());
    return new Verdict(
        event.identity(),
        verdictId,
        known.policyId(),
        known.policyVersion(),
        known.decision(),
        known.labels(),
        known.scoreType(),
        known.calibration(),
        known.rationale(),
        known.provenance().reused(how));
  }

  @Override
  public CompletableFuture<Verdict> process(EncodedImage input, ImageWork work) {
    String wanted = input.event().request().policyId();
    Optional<ModerationPolicy> policy = find(wanted);
    if (policy.isEmpty()) {
      return CompletableFuture.failedFuture(
          new ImageRejectedException(
              Rejection.Category.UNSUPPORTED,
              "policy '%s': expected one of %s"
                  .formatted(wanted, policies.stream().map(ModerationPolicy::id).toList())));
    }
    return judge(input, policy.get(), work);
  }

  private CompletableFuture<Verdict> judge(
      EncodedImage input, ModerationPolicy policy, ImageWork work) {
    Prompt prompt = new Prompt(policy.id(), policy.version(), policy.question());
    LabelQuestion question = new LabelQuestion(prompt, policy.options());
    return work.model()
        .score(
            new LabelScorer.Request(input.requireTokens(), question), work.subject(input.event()))
        .thenApply(scores -> verdict(input, policy, prompt, scores));
  }

  private Optional<ModerationPolicy> find(@Nullable String id) {
    return id == null
        ? Optional.of(policies.get(0))
        : policies.stream().filter(policy -> policy.id().equals(id)).findFirst();
  }

  private static Verdict verdict(
      EncodedImage image, ModerationPolicy policy, Prompt prompt, Timed<LabelScores> timed) {
    LabelScores scores = timed.value();
    return new Verdict(
        image.event().identity(),
        Judgement.verdictId(
            image.event().eventId(),
            pictureSha256(image.event().picture()),
            policy,
            image.model().weightsSha256(),
            scores.calibration()),
        policy.id(),
        policy.version(),
        Judgement.decide(policy, scores),
        Judgement.labels(policy, scores),
        scores.type(),
        scores.calibration(),
        null,
        provenance(image, prompt, timed.micros()));
  }

  private static String pictureSha256(Picture picture) {
    return Objects.requireNonNull(picture.contentSha256(), "sha256 of a fetched picture");
  }
}
