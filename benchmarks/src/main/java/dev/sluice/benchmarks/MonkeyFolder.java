package dev.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A Monkey folder of the published widths and a chosen depth and random weights. Stateless. */
final class MonkeyFolder {
  static final int WINDOWS = 4;
  static final int VISION_WIDTH = 1664;
  static final int VISION_HEADS = 16;
  static final int VISION_HIDDEN = 8192;
  private static final int VISION_PATCH = 14;
  private static final int VISION_GRID = 16;
  private static final int LANGUAGE_WIDTH = 4096;
  private static final int LANGUAGE_HIDDEN = 11008;
  private static final int VOCABULARY = 151936;
  private static final int QUERIES = 256;

  private MonkeyFolder() {}

  /** Writes the folder. */
  static void write(Path folder, int visionLayers, int languageLayers) throws IOException {
    RandomFolder.write(
        folder,
        config(visionLayers, languageLayers),
        List.of(
            shard -> shard.matrix("transformer.wte.weight", VOCABULARY, LANGUAGE_WIDTH),
            shard -> shard.matrix("lm_head.weight", VOCABULARY, LANGUAGE_WIDTH),
            shard -> language(shard, languageLayers),
            shard -> tower(shard, "transformer.visual.", visionLayers),
            shard -> resampler(shard, "transformer.visual.")));
  }

  private static void language(RandomShard shard, int layers) {
    for (int i = 0; i < layers; i++) {
      String layer = "transformer.h." + i + ".";
      shard.ones(layer + "ln_1.weight", LANGUAGE_WIDTH);
      shard.linear(layer + "attn.c_attn", 3L * LANGUAGE_WIDTH, LANGUAGE_WIDTH);
      shard.matrix(layer + "attn.c_proj.weight", LANGUAGE_WIDTH, LANGUAGE_WIDTH);
      shard.ones(layer + "ln_2.weight", LANGUAGE_WIDTH);
      shard.matrix(layer + "mlp.w1.weight", LANGUAGE_HIDDEN, LANGUAGE_WIDTH);
      shard.matrix(layer + "mlp.w2.weight", LANGUAGE_HIDDEN, LANGUAGE_WIDTH);
      shard.matrix(layer + "mlp.c_proj.weight", LANGUAGE_WIDTH, LANGUAGE_HIDDEN);
    }
    shard.ones("transformer.ln_f.weight", LANGUAGE_WIDTH);
  }

  /** The vision transformer with its adapters. */
  static void tower(RandomShard shard, String scope, int layers) {
    shard.uniform(scope + "conv1.weight", 0.05, VISION_WIDTH, 3, VISION_PATCH, VISION_PATCH);
    shard.uniform(
        scope + "positional_embedding", 0.05, (long) VISION_GRID * VISION_GRID, VISION_WIDTH);
    shard.layerNorm(scope + "ln_pre", VISION_WIDTH);
    for (int i = 0; i < layers; i++) {
      String block = scope + "transformer.resblocks." + i + ".";
      shard.layerNorm(block + "ln_1", VISION_WIDTH);
      shard.linear(block + "attn.in_proj", 3L * VISION_WIDTH, VISION_WIDTH);
      shard.linear(block + "attn.out_proj", VISION_WIDTH, VISION_WIDTH);
      shard.layerNorm(block + "ln_2", VISION_WIDTH);
      shard.linear(block + "mlp.c_fc", VISION_HIDDEN, VISION_WIDTH);
      shard.linear(block + "mlp.c_proj", VISION_WIDTH, VISION_HIDDEN);
      adapters(shard, block + "attn.in_proj_lora.", 16, 3L * VISION_WIDTH);
      adapters(shard, block + "attn.out_proj_lora.", 16, VISION_WIDTH);
      adapters(shard, block + "mlp_lora.", 32, VISION_WIDTH);
    }
  }

  private static void adapters(RandomShard shard, String scope, long rank, long out) {
    for (int i = 0; i < WINDOWS; i++) {
      shard.matrix(scope + i + ".lora_a.weight", rank, VISION_WIDTH);
      shard.matrix(scope + i + ".lora_b.weight", out, rank);
      shard.ones(scope + i + ".lora_scale", 1);
    }
  }

  private static void resampler(RandomShard shard, String scope) {
    String pool = scope + "attn_pool.";
    shard.uniform(pool + "pos_embed", 1, QUERIES, LANGUAGE_WIDTH);
    shard.uniform(pool + "query", 0.05, QUERIES, LANGUAGE_WIDTH);
    shard.matrix(pool + "kv_proj.weight", LANGUAGE_WIDTH, VISION_WIDTH);
    shard.matrix(pool + "attn.in_proj_weight", 3L * LANGUAGE_WIDTH, LANGUAGE_WIDTH);
    shard.uniform(pool + "attn.in_proj_bias", 0.01, 3L * LANGUAGE_WIDTH);
    shard.linear(pool + "attn.out_proj", LANGUAGE_WIDTH, LANGUAGE_WIDTH);
    shard.layerNorm(pool + "ln_q", LANGUAGE_WIDTH);
    shard.layerNorm(pool + "ln_kv", LANGUAGE_WIDTH);
    shard.layerNorm(scope + "ln_post", LANGUAGE_WIDTH);
    shard.matrix(scope + "proj", LANGUAGE_WIDTH, LANGUAGE_WIDTH);
  }

  /** The published keys that the engine reads; all others have their published values. */
  private static String config(int visionLayers, int languageLayers) {
    return """
        {"model_type": "monkey", "architectures": ["MonkeyLMHeadModel"],
         "torch_dtype": "bfloat16", "num_hidden_layers": %d,
         "visual": {"image_size": 896, "layers": %d, "lora_repeat_num": %d}}
        """
        .formatted(languageLayers, visionLayers, WINDOWS);
  }
}
