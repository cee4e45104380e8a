package dev.sluice.operators.stage;

import dev.sluice.operators.device.ImageRejectedException;
import dev.sluice.operators.memory.Admission;
import dev.sluice.operators.reuse.Claim;
import dev.sluice.operators.reuse.Lead;
import dev.sluice.operators.reuse.ResultKey;
import dev.sluice.operators.reuse.SharedResults;
import dev.sluice.serde.ImageEvent;
import dev.sluice.serde.Provenance.CacheUse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers the events of a deciding step with results of others, and has computed what nobody has.
 * Owned by the task thread.
 *
 * <p>An event whose input is not at hand gives its memory back, but for what it takes in state, and
 * asks for it again if it must be worked on: it may wait long for another's result.
 */
final class Answers<OUT> {
  private final SharedResults<OUT> results;
  private final Terms<OUT> terms;
  private final ReuseMetrics metrics;
  private final Executor task;

  /**
   * What the operator knows.
   *
   * @param keys nothing for an event that must be worked on
   * @param admitAgain memory for an event that gave its own back
   * @param subtask its number
   */
  record Terms<OUT>(
      ReusableStage<?, OUT> stage,
      Function<ImageEvent, Optional<ResultKey>> keys,
      Function<ImageEvent, CompletableFuture<Admission>> admitAgain,
      int subtask) {}

  /**
   * @param task runs on the task thread, later
   */
  Answers(SharedResults<OUT> results, Terms<OUT> terms, ReuseMetrics metrics, Executor task) {
    this.results = results;
    this.terms = terms;
    this.metrics = metrics;
    this.task = task;
  }

  /** The result of an event whose input is at hand and covered by its admission. */
  CompletableFuture<OUT> ofInput(
      ImageEvent event,
      Admission admission,
      Function<Admission, CompletableFuture<OUT>> computation) {
    return ask(event, admission, () -> computation.apply(admission));
  }

  /** The result of an event whose input would have to be made again. */
  CompletableFuture<OUT> ofEvent(
      ImageEvent event,
      Admission admission,
      Function<Admission, CompletableFuture<OUT>> computation) {
    admission.shrinkTo(ImageWork.bytesInState(event));
    return ask(event, admission, () -> admittedAgain(event, computation));
  }

  /** What this subtask has to write into a checkpoint. */
  List<SharedResults.Kept<OUT>> kept() {
    return results.keptBy(terms.subtask);
  }

  private CompletableFuture<OUT> ask(
      ImageEvent event, Admission admission, Supplier<CompletableFuture<OUT>> computation) {
    Question<OUT> question =
        new Question<>(event, admission, computation, new CompletableFuture<>());
    ask(question);
    return question.answer;
  }

  private CompletableFuture<OUT> admittedAgain(
      ImageEvent event, Function<Admission, CompletableFuture<OUT>> computation) {
    return terms
        .admitAgain
        .apply(event)
        .thenCompose(
            admission ->
                computation.apply(admission).whenComplete((value, failure) -> admission.close()));
  }

  private void ask(Question<OUT> question) {
    Optional<ResultKey> key = terms.keys.apply(question.event);
    if (key.isEmpty()) {
      var unused = compute(question).whenComplete(question::end);
      return;
    }
    Claim<OUT> claim = results.claim(key.get(), question.admission.picture());
    if (claim instanceof Claim.Known<OUT> known) {
      answer(question, known.value(), CacheUse.HIT);
    } else if (claim instanceof Claim.Following<OUT> following) {
      var unused =
          following
              .landing()
              .whenComplete(
                  (result, failure) -> {
                    if (failure == null) {
                      task.execute(() -> landed(question, result));
                    } else {
                      question.end(null, failure);
                    }
                  });
    } else if (claim instanceof Claim.Leading<OUT> leading) {
      lead(question, leading.lead());
    }
  }

  /**
   * @param result empty where the other gave up
   */
  private void landed(Question<OUT> question, Optional<OUT> result) {
    if (result.isPresent()) {
      answer(question, result.get(), CacheUse.SHARED);
    } else {
      ask(question);
    }
  }

  private void answer(Question<OUT> question, OUT known, CacheUse how) {
    metrics.answered(how);
    question.end(terms.stage.reuse(known, question.event, how), null);
  }

  private void lead(Question<OUT> question, Lead<OUT> lead) {
    question.admission.onRelease(lead::abandon);
    var unused =
        compute(question)
            .whenComplete(
                (value, failure) -> {
                  if (value != null) {
                    lead.land(value, terms.subtask);
                  } else if (failure != null
                      && Outcome.causeOf(failure) instanceof ImageRejectedException rejection) {
                    lead.reject(rejection.at(terms.stage.stage()));
                  } else {
                    lead.abandon();
                  }
                  question.end(value, failure);
                });
  }

  private CompletableFuture<OUT> compute(Question<OUT> question) {
    metrics.answered(CacheUse.NONE);
    return question.computation.get();
  }

  /** An event that wants a result. */
  private record Question<OUT>(
      ImageEvent event,
      Admission admission,
      Supplier<CompletableFuture<OUT>> computation,
      CompletableFuture<OUT> answer) {

    void end(@Nullable OUT value, @Nullable Throwable failure) {
      if (value != null) {
        answer.complete(value);
      } else if (failure != null) {
        answer.completeExceptionally(failure);
      }
    }
  }
}
