package dev.sluice.models.tokenizer.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something in a template that writes or changes names. Immutable. */
interface Statement {
  void run(Scope scope);

  /** Statements in their order, each with the line that an error names. */
  record Block(List<OnLine> statements) implements Statement {
    @Override
    public void run(Scope scope) {
      for (OnLine statement : statements) {
        scope.budget().step();
        statement.run(scope);
      }
    }
  }

  record OnLine(int line, Statement statement) {
    void run(Scope scope) {
      try {
        statement.run(scope);
      } catch (TemplateError e) {
        throw e.at(line);
      }
    }
  }

  record Text(String text) implements Statement {
    @Override
    public void run(Scope scope) {
      scope.write(text);
    }
  }

  record Print(Expression value) implements Statement {
    @Override
    public void run(Scope scope) {
      scope.write(Values.text(value.evaluate(scope)));
    }
  }

  record Branch(Expression condition, Statement body) {}

  /** The first branch whose condition is true. */
  record If(List<Branch> branches, Optional<Statement> otherwise) implements Statement {
    @Override
    public void run(Scope scope) {
      for (Branch branch : branches) {
        if (Values.isTrue(branch.condition().evaluate(scope))) {
          branch.body().run(scope);
          return;
        }
      }
      otherwise.ifPresent(block -> block.run(scope));
    }
  }

  /** What is set within a round ends with it. */
  record For(
      List<String> names,
      Expression items,
      Optional<Expression> condition,
      Statement body,
      Optional<Statement> otherwise)
      implements Statement {
    @Override
    public void run(Scope scope) {
      List<Object> rounds = Values.items(items.evaluate(scope));
      condition.ifPresent(
          wanted -> rounds.removeIf(item -> !Values.isTrue(wanted.evaluate(round(scope, item)))));
      for (int i = 0; i < rounds.size(); i++) {
        Scope round = round(scope, rounds.get(i));
        round.set("loop", loop(rounds, i));
        body.run(round);
      }
      if (rounds.isEmpty()) {
        otherwise.ifPresent(block -> block.run(scope));
      }
    }

    private Scope round(Scope scope, Object item) {
      scope.budget().step();
      Scope round = scope.inner();
      if (names.size() == 1) {
        round.set(names.get(0), item);
        return round;
      }
      List<Object> parts = Values.items(item);
      if (parts.size() != names.size()) {
        throw new TemplateError(
            "expected %d values a round, found %d".formatted(names.size(), parts.size()));
      }
      for (int i = 0; i < parts.size(); i++) {
        round.set(names.get(i), parts.get(i));
      }
      return round;
    }

    private static Map<String, Object> loop(List<Object> rounds, int index) {
      Map<String, Object> loop = new LinkedHashMap<>();
      loop.put("first", index == 0);
      loop.put("last", index == rounds.size() - 1);
      loop.put("index", index + 1L);
      loop.put("index0", (long) index);
      loop.put("revindex", (long) rounds.size() - index);
      loop.put("revindex0", rounds.size() - index - 1L);
      loop.put("length", (long) rounds.size());
      loop.put("previtem", index == 0 ? Absent.UNDEFINED : rounds.get(index - 1));
      boolean last = index == rounds.size() - 1;
      loop.put("nextitem", last ? Absent.UNDEFINED : rounds.get(index + 1));
      return loop;
    }
  }

  record Set(String name, Expression value) implements Statement {
    @Override
    public void run(Scope scope) {
      scope.set(name, value.evaluate(scope));
    }
  }

  /** Sets what {@code namespace()} made, which outlives a loop's round. */
  record SetMember(String namespace, String name, Expression value) implements Statement {
    @Override
    public void run(Scope scope) {
      if (!(scope.get(namespace) instanceof Namespace members)) {
        throw new TemplateError("expected a namespace to set '%.40s' in".formatted(name));
      }
      members.set(name, value.evaluate(scope));
    }
  }

  /** {@code set name} up to {@code endset}. */
  record SetText(String name, Statement body) implements Statement {
    @Override
    public void run(Scope scope) {
      Scope capturing = scope.capturing();
      body.run(capturing);
      scope.set(name, capturing.written());
    }
  }

  /** {@code generation}: marks what the model has written, which matters in training only. */
  record Generation(Statement body) implements Statement {
    @Override
    public void run(Scope scope) {
      body.run(scope.inner());
    }
  }
}
