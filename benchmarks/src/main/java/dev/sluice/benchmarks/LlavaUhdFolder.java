package dev.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A LLaVA-UHD folder with 144 queries, the widths of CLIP L/14-336 and Vicuna 13B, a chosen depth
 * and random weights. Stateless.
 */
final class LlavaUhdFolder {
  private static final int VISION_WIDTH = 1024;
  private static final int VISION_HIDDEN = 4096;
  private static final int VISION_POSITIONS = 577;
  private static final int QUERIES = 144;
  private static final LlamaShards LANGUAGE = LlamaShards.THIRTEEN_BILLION;

  private LlavaUhdFolder() {}

  /**
   * Writes the folder.
   *
   * @param layers of either part that are run; the tower's last, which is not, comes on top
   */
  static void write(Path folder, int layers) throws IOException {
    List<Consumer<RandomShard>> shards = new ArrayList<>(LANGUAGE.shards("", layers));
    shards.add(shard -> tower(shard, layers + 1));
    shards.add(LlavaUhdFolder::resampler);
    String config =
        """
        {"model_type": "llava_llama", "architectures": ["LlavaLlamaForCausalLM"],
         "mm_projector_type": "adapt_spatial_resampler", "mm_vision_select_layer": -2,
         "mm_hidden_size": %d, "vision_config": {"num_hidden_layers": %d}, %s}
        """
            .formatted(VISION_WIDTH, layers + 1, LANGUAGE.keys(layers, 1e-5, 4096));
    RandomFolder.write(folder, config, shards);
  }

  private static void tower(RandomShard shard, int layers) {
    String scope = "model.vision_tower.vision_tower.vision_model.";
    shard.uniform(scope + "embeddings.class_embedding", 0.05, VISION_WIDTH);
    shard.uniform(scope + "embeddings.patch_embedding.weight", 0.05, VISION_WIDTH, 3, 14, 14);
    shard.uniform(
        scope + "embeddings.position_embedding.weight", 0.05, VISION_POSITIONS, VISION_WIDTH);
    shard.layerNorm(scope + "pre_layrnorm", VISION_WIDTH);
    for (int i = 0; i < layers; i++) {
      String layer = scope + "encoder.layers." + i + ".";
      shard.layerNorm(layer + "layer_norm1", VISION_WIDTH);
      for (String name : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        shard.linear(layer + "self_attn." + name, VISION_WIDTH, VISION_WIDTH);
      }
      shard.layerNorm(layer + "layer_norm2", VISION_WIDTH);
      shard.linear(layer + "mlp.fc1", VISION_HIDDEN, VISION_WIDTH);
      shard.linear(layer + "mlp.fc2", VISION_WIDTH, VISION_HIDDEN);
    }
    shard.layerNorm(scope + "post_layernorm", VISION_WIDTH);
  }

  private static void resampler(RandomShard shard) {
    String scope = "model.mm_projector.";
    long width = LANGUAGE.width();
    shard.uniform(scope + "pos_embed", 1, QUERIES, width);
    shard.uniform(scope + "query", 0.05, QUERIES, width);
    shard.matrix(scope + "kv_proj.weight", width, VISION_WIDTH);
    shard.matrix(scope + "attn.in_proj_weight", 3 * width, width);
    shard.uniform(scope + "attn.in_proj_bias", 0.01, 3 * width);
    shard.linear(scope + "attn.out_proj", width, width);
    for (String name : List.of("ln_q", "ln_kv", "ln_post")) {
      shard.layerNorm(scope + name, width);
    }
    shard.matrix(scope + "proj", width, width);
  }
}
