package dev.sluice.operators.sql;

import dev.sluice.models.value.Prompt;
import dev.sluice.operators.ModelOptions;
import dev.sluice.operators.ModelRef;
import dev.sluice.operators.VisionOptions;
import dev.sluice.operators.VisionOptions.TextOptions;
import dev.sluice.operators.decode.CaptionStage;
import dev.sluice.operators.decode.JudgeStage;
import dev.sluice.operators.policy.PolicyFile;
import dev.sluice.serde.ModerationPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.ResolvedCatalogModel;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.factories.ModelProviderFactory;
import org.apache.flink.table.functions.AsyncPredictFunction;
import org.apache.flink.table.ml.AsyncPredictRuntimeProvider;
import org.apache.flink.table.ml.ModelProvider;
import org.jspecify.annotations.Nullable;

/** Makes {@code 'provider' = 'sluice'} known to Flink SQL. Stateless. */
public final class SluiceModelProviderFactory implements ModelProviderFactory {
  private static final String PROMPT_ID = "sql";

  @Override
  public String factoryIdentifier() {
    return "sluice";
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(SqlOptions.MODEL_DIR, SqlOptions.TASK);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Stream.concat(
            Stream.of(SqlOptions.PROMPT, SqlOptions.POLICY, SqlOptions.ON_REJECTION),
            SqlOptions.ENGINE.stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * @throws ValidationException naming everything that is wrong with the model
   */
  @Override
  public ModelProvider createModelProvider(Context context) {
    FactoryUtil.ModelProviderFactoryHelper helper =
        FactoryUtil.createModelProviderFactoryHelper(this, context);
    helper.validate();
    return new Provider(
        new VisionPredictFunction(
            settings(context, helper.getOptions(), engine(context, helper.getOptions()))));
  }

  /** Options of the model before those of the session, and those before the cluster's. */
  private static Configuration engine(Context context, ReadableConfig with) {
    Configuration engine = new Configuration();
    SqlOptions.ENGINE.forEach(option -> copy(option, with, context.getConfiguration(), engine));
    return engine;
  }

  private static <T> void copy(
      ConfigOption<T> option, ReadableConfig first, ReadableConfig second, Configuration target) {
    first
        .getOptional(option)
        .or(() -> second.getOptional(option))
        .ifPresent(value -> target.set(option, value));
  }

  private static VisionPredictFunction.Settings<?> settings(
      Context context, ReadableConfig with, Configuration engine) {
    String name = context.getObjectIdentifier().asSummaryString();
    ResolvedCatalogModel declared = context.getCatalogModel();
    SqlTask task = with.get(SqlOptions.TASK);
    List<String> problems = new ArrayList<>();

    SqlColumns columns =
        SqlColumns.of(
            task, declared.getResolvedInputSchema(), declared.getResolvedOutputSchema(), problems);
    ModelOptions model = read(() -> ModelOptions.from(engine), problems);
    VisionOptions vision = read(() -> VisionOptions.from(engine), problems);
    ModerationPolicy policy = policy(task, with, problems);
    if (task != SqlTask.CAPTION && with.getOptional(SqlOptions.PROMPT).isPresent()) {
      problems.add(
          "'%s': expected it for captions only, found the task %s; remove it"
              .formatted(SqlOptions.PROMPT.key(), task));
    }
    if (model == null || vision == null || !problems.isEmpty()) {
      throw new ValidationException("model " + name + ":\n" + String.join("\n", problems));
    }
    return new VisionPredictFunction.Settings<>(
        name,
        ModelRef.of(with.get(SqlOptions.MODEL_DIR), model),
        predictor(task, with, vision.text(), policy),
        columns,
        with.get(SqlOptions.ON_REJECTION));
  }

  private static Predictor<?> predictor(
      SqlTask task, ReadableConfig with, TextOptions text, @Nullable ModerationPolicy policy) {
    if (policy != null) {
      return Predictor.ofVerdict(new JudgeStage(List.of(policy)));
    }
    Prompt prompt =
        with.getOptional(SqlOptions.PROMPT)
            .map(words -> new Prompt(PROMPT_ID, "1", words))
            .orElse(null);
    return Predictor.ofText(new CaptionStage(prompt, text), task.predictions().get(0).name());
  }

  private static @Nullable ModerationPolicy policy(
      SqlTask task, ReadableConfig with, List<String> problems) {
    Optional<String> given = with.getOptional(SqlOptions.POLICY);
    if ((task == SqlTask.VERDICT) != given.isPresent()) {
      problems.add(
          "'%s': expected it for verdicts and for them only, found %s for the task %s"
              .formatted(SqlOptions.POLICY.key(), given.isPresent() ? "one" : "none", task));
      return null;
    }
    return given.map(text -> read(() -> policy(text), problems)).orElse(null);
  }

  private static ModerationPolicy policy(String jsonOrFile) {
    return jsonOrFile.stripLeading().startsWith("{")
        ? PolicyFile.read(jsonOrFile.getBytes(StandardCharsets.UTF_8), "in the option")
        : PolicyFile.read(Path.of(jsonOrFile));
  }

  private static <T> @Nullable T read(Supplier<T> reader, List<String> problems) {
    try {
      return reader.get();
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** The function for all subtasks. Immutable. */
  private record Provider(VisionPredictFunction function) implements AsyncPredictRuntimeProvider {
    @Override
    public AsyncPredictFunction createAsyncPredictFunction(ModelProvider.Context context) {
      return function;
    }

    @Override
    public ModelProvider copy() {
      return new Provider(function);
    }
  }
}
