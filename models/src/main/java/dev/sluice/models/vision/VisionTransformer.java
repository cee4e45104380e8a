package dev.sluice.models.vision;

import dev.sluice.models.layers.EncoderLayer;
import dev.sluice.models.layers.GridFeatures;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Segments;
import dev.sluice.models.layers.SelfAttention;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The vision transformers of CLIP, SigLIP, BLIP and EVA-CLIP, on tiles of any aspect ratio, mixed
 * in one batch. Owned by the device thread.
 *
 * <p>Dosovitskiy et al. 2021; transformers {@code modeling_clip.py}, {@code modeling_siglip.py},
 * {@code modeling_blip.py}; {@code eva_vit.py} of Vision-CAIR/MiniGPT-4 at d94738a. For other grids
 * than the learned one the position table is resized, the class token keeps its own position
 * (LLaVA-UHD {@code adapt_clip_vision_model.py}). Tiles of one grid stand together in the packed
 * matrix [N, E] and attend within themselves.
 */
public final class VisionTransformer implements VisionTower {
  private final PatchEmbedding embedding;
  private final @Nullable LayerNorm preNorm;
  private final List<EncoderLayer> layers;
  private final @Nullable LayerNorm postNorm;

  private VisionTransformer(
      PatchEmbedding embedding,
      @Nullable LayerNorm preNorm,
      List<EncoderLayer> layers,
      @Nullable LayerNorm postNorm) {
    this.embedding = embedding;
    this.preNorm = preNorm;
    this.layers = layers;
    this.postNorm = postNorm;
  }

  /** How a checkpoint names the parts of {@code self_attn}. */
  private interface AttentionNames {
    SelfAttention load(Weights attention, long width, long heads);
  }

  /**
   * CLIP from the scope {@code vision_model}: a class token before the patches, a norm before the
   * layers and none after them.
   *
   * @param layers how many layers to run; later ones are not loaded
   */
  public static VisionTransformer clip(Weights weights, VisionConfig config, int layers) {
    return new VisionTransformer(
        PatchEmbedding.clip(weights.under("embeddings"), config),
        norm(weights.under("pre_layrnorm"), config), // sic
        layers(weights, config, layers, SelfAttention::load),
        null);
  }

  /** SigLIP from the scope {@code vision_model}: patches alone, a norm after the layers. */
  public static VisionTransformer siglip(Weights weights, VisionConfig config) {
    return new VisionTransformer(
        PatchEmbedding.siglip(weights.under("embeddings"), config),
        null,
        layers(weights, config, config.layers(), SelfAttention::load),
        norm(weights.under("post_layernorm"), config));
  }

  /**
   * BLIP, BLIP-2 and InstructBLIP from the scope {@code vision_model}: a class token before the
   * patches, a norm after the layers.
   */
  public static VisionTransformer blip(Weights weights, VisionConfig config) {
    return new VisionTransformer(
        PatchEmbedding.blip(weights.under("embeddings"), config),
        null,
        layers(weights, config, config.layers(), SelfAttention::loadFused),
        norm(weights.under("post_layernorm"), config));
  }

  /**
   * EVA-CLIP under BLIP's names, from the scope {@code vision_model}: a class token before the
   * patches, no norm after the layers.
   */
  public static VisionTransformer eva(Weights weights, VisionConfig config) {
    return new VisionTransformer(
        PatchEmbedding.blip(weights.under("embeddings"), config),
        null,
        layers(weights, config, config.layers(), SelfAttention::loadEva),
        null);
  }

  private static LayerNorm norm(Weights weights, VisionConfig config) {
    return LayerNorm.load(weights, config.hiddenSize(), config.layerNormEpsilon());
  }

  private static List<EncoderLayer> layers(
      Weights weights, VisionConfig config, int count, AttentionNames names) {
    List<EncoderLayer> layers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Weights layer = weights.under("encoder").under("layers", i);
      SelfAttention attention =
          names.load(layer.under("self_attn"), config.hiddenSize(), config.heads());
      layers.add(EncoderLayer.load(layer, config.layerSizes(), attention));
    }
    return layers;
  }

  /**
   * @return [B, C + P, E] for each group: the class token, if there is one, then the patches
   */
  @Override
  public List<GridFeatures> apply(List<TileGroup> groups) {
    Segments segments = embedding.segments(groups);
    Tensor embedded = embedding.apply(groups, segments); // [N, E]
    Tensor x = preNorm == null ? embedded : preNorm.apply(embedded);
    layers.forEach(layer -> layer.update(x, segments));
    Tensor rows = postNorm == null ? x : postNorm.apply(x);
    List<GridFeatures> features = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      Tensor tiles = segments.groups().get(i).of(rows);
      features.add(new GridFeatures(groups.get(i).grid(), tiles));
    }
    return features;
  }

  /** This tower without its class token's rows: [B, P, E]. */
  public VisionTower patchesOnly() {
    return groups -> apply(groups).stream().map(this::withoutClassToken).toList();
  }

  private GridFeatures withoutClassToken(GridFeatures tiles) {
    int patches = tiles.grid().patches();
    return new GridFeatures(
        tiles.grid(), tiles.features().narrow(1, embedding.classTokens(), patches));
  }
}
