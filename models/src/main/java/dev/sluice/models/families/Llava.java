package dev.sluice.models.families;

import dev.sluice.models.VisionLanguageModel;
import dev.sluice.models.families.parts.Assembly;
import dev.sluice.models.families.parts.ComposedFamily;
import dev.sluice.models.families.parts.ImageTokenPrompts;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TextParts;
import dev.sluice.models.families.parts.TileEncoder;
import dev.sluice.models.families.parts.TracedPicture;
import dev.sluice.models.language.LlamaModel;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.layers.Mlp;
import dev.sluice.models.vision.PixelNormalizer;
import dev.sluice.models.vision.VisionConfig;
import dev.sluice.models.vision.VisionTransformer;
import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.Weights;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * LLaVA-1.5: the CLIP tower's last layer but one, two matrices, and LLaMA. Immutable.
 *
 * <p>Liu et al. 2023 (arXiv 2310.03744); transformers {@code modeling_llava.py}. Folders of the
 * published layout (llava-hf/llava-1.5-7b-hf) and those that transformers 5 writes.
 */
public final class Llava extends ComposedFamily<LlavaConfig> {
  private static final String TOWER = "vision_tower.vision_model";
  private static final String PROJECTOR = "multi_modal_projector";
  private static final String LANGUAGE = "language_model";

  /** The chat template of llava-hf/llava-1.5-7b-hf, for folders without one. */
  private static final String PUBLISHED_TEMPLATE = "USER: <image>\n%s ASSISTANT:";

  private static final String IMAGE = "<image>";

  @Override
  public String name() {
    return "llava";
  }

  @Override
  public boolean matches(ModelConfig config) {
    return config.stringOr("model_type", "").equals("llava");
  }

  @Override
  protected LlavaConfig config(ModelDirectory directory, Weights headers) {
    return LlavaConfig.of(directory);
  }

  @Override
  protected VisionLanguageModel compose(LlavaConfig config, Assembly assembly) {
    Weights weights = assembly.weights().renamed(Llava::published);
    ImageTokenPrompts prompts =
        new ImageTokenPrompts(
            new TextCodec(assembly.openTokenizer(), config.language().vocabulary()),
            assembly.template(IMAGE, PUBLISHED_TEMPLATE),
            config.imageToken(),
            config.visualTokens());
    VisionConfig vision = config.vision();
    Weights towerWeights = weights.under(TOWER);
    PixelNormalizer normalizer = config.processor().normalizer(weights);
    Mlp projector = projector(config, weights.under(PROJECTOR));
    TileEncoder encoder =
        new TileEncoder(
            normalizer,
            VisionTransformer.clip(towerWeights, vision, config.visionLayers()).patchesOnly(),
            (tiles, observer) -> projector.apply(tiles.features()),
            new TileEncoder.Shape(
                vision.patchSize(), config.language().hiddenSize(), assembly.dtype()));
    Supplier<TileEncoder> wholeTower =
        () ->
            TileEncoder.ofTower(
                normalizer,
                VisionTransformer.clip(towerWeights, vision, vision.layers()),
                new TileEncoder.Shape(vision.patchSize(), vision.hiddenSize(), assembly.dtype()));
    TextParts text =
        assembly.text(
            LlamaModel.load(weights.under(LANGUAGE), config.language()),
            prompts,
            config.endTokens(),
            config.longestText());
    return assembly.textModel(
        config.processor().slicer(assembly.reader()),
        encoder,
        prompts,
        text,
        TracedPicture.of(encoder, wholeTower));
  }

  private static Mlp projector(LlavaConfig config, Weights weights) {
    int width = config.language().hiddenSize();
    return Mlp.of(
        matrix(config, weights.under("linear_1"), config.vision().hiddenSize(), width),
        config.projectorActivation(),
        matrix(config, weights.under("linear_2"), width, width));
  }

  private static Linear matrix(LlavaConfig config, Weights weights, int in, int out) {
    return config.projectorBias()
        ? Linear.load(weights, in, out)
        : Linear.loadWithoutBias(weights, in, out);
  }

  /**
   * The published name of a tensor: transformers 5 keeps the text model at {@code
   * model.language_model} and the tower without {@code vision_model}, and writes a mix of both.
   */
  static String published(String stored) {
    String name = stored.startsWith("model.") ? stored.substring("model.".length()) : stored;
    if (name.startsWith("lm_head.")) {
      return LANGUAGE + "." + name;
    }
    return within(within(name, LANGUAGE, "model", "lm_head"), "vision_tower", "vision_model");
  }

  /** Puts {@code inner} behind {@code scope} where neither it nor another known name stands. */
  private static String within(String name, String scope, String inner, String... others) {
    String prefix = scope + ".";
    if (!name.startsWith(prefix)) {
      return name;
    }
    String rest = name.substring(prefix.length());
    boolean there =
        rest.startsWith(inner + ".")
            || Stream.of(others).anyMatch(other -> rest.startsWith(other + "."));
    return there ? name : prefix + inner + "." + rest;
  }
}
