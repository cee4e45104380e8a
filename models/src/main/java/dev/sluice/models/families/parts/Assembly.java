package dev.sluice.models.families.parts;

import dev.sluice.models.LabelScorer;
import dev.sluice.models.LoadOptions;
import dev.sluice.models.ModelDescription;
import dev.sluice.models.TextGenerator;
import dev.sluice.models.Traceable;
import dev.sluice.models.VisualEncoder;
import dev.sluice.models.generation.GenerationDefaults;
import dev.sluice.models.generation.GenerationEngine;
import dev.sluice.models.generation.KvBlockPool;
import dev.sluice.models.generation.ModelRunner;
import dev.sluice.models.generation.NextTokenScorer;
import dev.sluice.models.generation.PromptEncoder;
import dev.sluice.models.generation.Scheduler;
import dev.sluice.models.image.ImageReader;
import dev.sluice.models.image.Orientation;
import dev.sluice.models.image.PictureSlicer;
import dev.sluice.models.language.LanguageModel;
import dev.sluice.models.memory.MemoryLedger;
import dev.sluice.models.tokenizer.Tokenizer;
import dev.sluice.models.tokenizer.template.ChatMessage;
import dev.sluice.models.tokenizer.template.ChatTemplate;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.ModelInfo;
import dev.sluice.models.value.TokenRules;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a model is being composed from. Owned by the device thread.
 *
 * @param weights the checkpoint, its memory leased
 * @param resources closed with the model, or when composing fails
 */
public record Assembly(
    ModelDirectory directory,
    LoadOptions options,
    MemoryLedger ledger,
    ModelDescription description,
    Weights weights,
    Resources resources) {

  public Dtype dtype() {
    return description.dtype();
  }

  /** A model that writes text and scores labels by its next token. */
  public ComposedModel textModel(
      PictureSlicer slicer, TileEncoder encoder, TracedPrompts prompts, TextParts text) {
    return textModel(slicer, encoder, prompts, text, TracedPicture.of(encoder));
  }

  /** {@link #textModel} whose trace shows more of a picture than its tokens need. */
  public ComposedModel textModel(
      PictureSlicer slicer,
      TileEncoder encoder,
      TracedPrompts prompts,
      TextParts text,
      TracedPicture traced) {
    return model(
        slicer,
        encoder,
        text.engine(),
        text.scorer(),
        new TextTrace(traced, prompts, text.runner(), text.engine()));
  }

  /** A model that scores labels and writes nothing. */
  public ComposedModel scoringModel(
      PictureSlicer slicer, VisualEncoder encoder, LabelScorer scorer, Traceable trace) {
    return model(slicer, encoder, null, scorer, trace);
  }

  /**
   * A model of its parts.
   *
   * @param generator null where it cannot write text
   */
  public ComposedModel model(
      PictureSlicer slicer,
      VisualEncoder encoder,
      @Nullable TextGenerator generator,
      LabelScorer scorer,
      Traceable trace) {
    return new ComposedModel(
        info(),
        description.captionPrompt(),
        slicer,
        description.costs(),
        description.arithmetic(),
        encoder,
        Optional.ofNullable(generator),
        Optional.of(scorer),
        Optional.of(trace),
        resources);
  }

  /** A model that picks its answers from a list, and scores them. */
  public ComposedModel answeringModel(
      PictureSlicer slicer,
      VisualEncoder encoder,
      TextGenerator generator,
      LabelScorer scorer,
      Traceable trace) {
    return new ComposedModel(
        info(),
        description.captionPrompt(),
        slicer,
        description.costs(),
        description.arithmetic(),
        encoder,
        Optional.of(generator),
        Optional.of(scorer),
        Optional.of(trace),
        resources);
  }

  /** Which model it will be. */
  public ModelInfo info() {
    return new ModelInfo(description.family(), description.revision(), weights.sha256(), dtype());
  }

  /** Opens the folder's tokenizer; empty where it has none, so that prompts are given as ids. */
  public Optional<Tokenizer> openTokenizer() {
    return openTokenizer(directory.path());
  }

  /** Opens the tokenizer of another folder. */
  public Optional<Tokenizer> openTokenizer(Path folder) {
    return Tokenizer.find(folder).map(resources::add);
  }

  /**
   * From a user's words about one picture to the whole prompt: by the folder's chat template, or by
   * what is published for the family.
   *
   * @param image stands for the picture in the text
   * @param published with {@code %s} for the words
   */
  public UnaryOperator<String> template(String image, String published) {
    return ChatTemplate.find(directory.path())
        .<UnaryOperator<String>>map(
            template -> words -> template.render(List.of(message(template, image, words))))
        .orElse(published::formatted);
  }

  private static ChatMessage message(ChatTemplate template, String image, String words) {
    return template.takesParts()
        ? ChatMessage.user(1, words)
        : ChatMessage.plain(image + "\n" + words);
  }

  /** Reads pictures upright and within the limits. */
  public ImageReader reader() {
    return new ImageReader(options.imageLimits(), Orientation.APPLY, options.pictureDetail());
  }

  /**
   * Leases the key-value pool and makes what generates and scores.
   *
   * @param longestText positions of the longest text that the pool is sized for
   */
  public TextParts text(
      LanguageModel language, PromptEncoder prompts, Set<Integer> endTokens, int longestText) {
    KvAllocation memory =
        resources.add(
            KvAllocation.lease(language.kvShape(), longestText, dtype(), options, ledger));
    ModelRunner runner = new ModelRunner(language, memory.cache());
    Scheduler scheduler =
        new Scheduler(
            new KvBlockPool(memory.blocks(), memory.cache().blockSize()),
            new Scheduler.Limits(options.sequences(), options.positionsPerStep()));
    TokenRules rules = GenerationDefaults.of(directory.generationConfig()).rules();
    return new TextParts(
        runner,
        new GenerationEngine(scheduler, runner, prompts, endTokens, rules),
        CalibratedScorer.of(
            directory, new NextTokenScorer(runner, prompts, options.positionsPerStep())));
  }
}
