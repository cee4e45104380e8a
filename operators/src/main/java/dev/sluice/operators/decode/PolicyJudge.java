package dev.sluice.operators.decode;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.value.LabelQuestion;
import dev.sluice.models.value.LabelScores;
import dev.sluice.models.value.Prompt;
import dev.sluice.operators.device.Timed;
import dev.sluice.operators.stage.ImageWork;
import dev.sluice.serde.EncodedImage;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.ModerationPolicy;
import dev.sluice.serde.Picture;
import dev.sluice.serde.Provenance.CacheUse;
import dev.sluice.serde.Verdict;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/** Judges pictures by one policy. Immutable. */
record PolicyJudge(ModerationPolicy policy) {

  /** All that the policy says, since its version is only a promise. */
  List<String> question() {
    return List.of(policy.toString());
  }

  CompletableFuture<Verdict> judge(EncodedImage input, ImageWork work) {
    Prompt prompt = new Prompt(policy.id(), policy.version(), policy.question());
    LabelQuestion question = new LabelQuestion(prompt, policy.options());
    return work.model()
        .score(
            new LabelScorer.Request(input.requireTokens(), question), work.subject(input.event()))
        .thenApply(scores -> verdict(input, prompt, scores));
  }

  /** The verdict on another event's same picture as this event's own. */
  Verdict reuse(Verdict known, ImageEvent event, CacheUse how) {
    String verdictId =
        Judgement.verdictId(
            event.eventId(),
            pictureSha256(event.picture()),
            policy,
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

  private Verdict verdict(EncodedImage image, Prompt prompt, Timed<LabelScores> timed) {
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
        DecodeStage.provenance(image, prompt, timed.micros()));
  }

  private static String pictureSha256(Picture picture) {
    return Objects.requireNonNull(picture.contentSha256(), "sha256 of a fetched picture");
  }
}
