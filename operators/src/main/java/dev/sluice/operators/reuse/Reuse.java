package dev.sluice.operators.reuse;

import dev.sluice.operators.memory.Admission;
import dev.sluice.serde.ImageEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One operator's hold on what the operators of its job share in this process: the results of each
 * step that decides. Thread-safe; closing twice releases once.
 *
 * <p>Static, so that all subtasks of a process share it; the last to close drops it.
 */
public final class Reuse implements AutoCloseable {
  private static final Object LOCK = new Object();
  private static final Map<Object, Scope> SCOPES = new HashMap<>();

  private final Object scopeKey;
  private final Object chain;
  private final Scope scope;
  private final List<Object> decided = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private Reuse(Object scopeKey, Object chain, Scope scope) {
    this.scopeKey = scopeKey;
    this.chain = chain;
    this.scope = scope;
  }

  /**
   * Becomes a user; close it when done.
   *
   * @param scopeKey the job, and all that its steps have in common
   * @param chain the operators that call each other directly; by identity
   */
  public static Reuse join(Object scopeKey, Object chain) {
    synchronized (LOCK) {
      Scope scope = SCOPES.computeIfAbsent(scopeKey, absent -> new Scope());
      scope.users++;
      return new Reuse(scopeKey, chain, scope);
    }
  }

  /**
   * The results of a step that this operator is a subtask of.
   *
   * @param step the same for all subtasks, and for their results' type
   * @param question what a result depends on beside the picture, as a digest; nothing for events
   *     whose results are not reused. Called from any thread.
   * @param fresh for the first subtask in this process
   */
  @SuppressWarnings("unchecked") // a step stands for its results' type
  public <V> SharedResults<V> decide(
      Object step,
      Function<ImageEvent, Optional<String>> question,
      Supplier<SharedResults<V>> fresh) {
    synchronized (LOCK) {
      Step<?> shared =
          scope.steps.computeIfAbsent(step, absent -> new Step<>(question, fresh.get()));
      shared.chains.add(chain);
      decided.add(step);
      return (SharedResults<V>) shared.results;
    }
  }

  /**
   * Asks on behalf of a picture that has been read and not yet cut. It leads wherever nobody has a
   * result or works on one, and gives up when it leaves this process without.
   *
   * <p>Only the steps of its own chain are asked. Over a network those who wait could fill the way
   * of the one that leads, and nothing says where an uncut picture would arrive.
   *
   * @return nothing where all steps have a result or wait for one: the picture need not be cut
   */
  public Optional<Leads> lead(ImageEvent event, Admission admission) {
    List<Lead<?>> leads = new ArrayList<>();
    List<Step<?>> steps = new ArrayList<>(scope.steps.values());
    steps.removeIf(step -> !step.chains.contains(chain));
    boolean spared = !steps.isEmpty();
    for (Step<?> step : steps) {
      @Nullable Lead<?> lead = null;
      Optional<ResultKey> key = step.keyOf(event);
      if (key.isPresent()) {
        lead = step.leadOrNull(key.get(), admission.picture());
      }
      spared &= key.isPresent() && lead == null;
      if (lead != null) {
        leads.add(lead);
        admission.onRelease(lead::abandon);
      }
    }
    return spared ? Optional.empty() : Optional.of(new Leads(leads));
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    synchronized (LOCK) {
      for (Object step : decided) {
        scope.steps.computeIfPresent(step, (key, shared) -> shared.withoutChain(chain));
      }
      scope.users--;
      if (scope.users == 0) {
        SCOPES.remove(scopeKey);
      }
    }
  }

  private static final class Scope {
    private final Map<Object, Step<?>> steps = new ConcurrentHashMap<>();
    private int users;
  }

  private static final class Step<V> {
    private final Function<ImageEvent, Optional<String>> question;
    private final SharedResults<V> results;
    private final List<Object> chains = new CopyOnWriteArrayList<>();

    private Step(Function<ImageEvent, Optional<String>> question, SharedResults<V> results) {
      this.question = question;
      this.results = results;
    }

    /** Null without the last. */
    private @Nullable Step<V> withoutChain(Object chain) {
      chains.remove(chain);
      return chains.isEmpty() ? null : this;
    }

    private Optional<ResultKey> keyOf(ImageEvent event) {
      return question.apply(event).flatMap(asked -> ResultKey.of(event, asked));
    }

    private @Nullable Lead<V> leadOrNull(ResultKey key, Object picture) {
      return results.claim(key, picture) instanceof Claim.Leading<V> leading
          ? leading.lead()
          : null;
    }
  }
}
