package dev.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A MiniGPT-4 folder of the published widths (EVA-CLIP g, BERT-base's Q-Former, a 7B LLaMA), a
 * chosen depth and random weights. Stateless.
 */
final class MiniGpt4Folder {
  private static final int VISION_WIDTH = 1408;
  private static final int VISION_HIDDEN = 6144;
  private static final int QUERIES = 32;
  private static final int QFORMER_WIDTH = 768;
  private static final int QFORMER_HIDDEN = 3072;
  private static final int JOINED_PATCHES = 4;
  private static final LlamaShards LANGUAGE = LlamaShards.SEVEN_BILLION;

  private MiniGpt4Folder() {}

  /** Vicuna behind a Q-Former. */
  static void writeVicuna(Path folder, int layers) throws IOException {
    List<Consumer<RandomShard>> shards = new ArrayList<>(shards(layers, QFORMER_WIDTH));
    shards.add(shard -> qformer(shard, layers));
    RandomFolder.write(
        folder,
        config("pretrain_vicuna0", "true", layers, LANGUAGE.keys(layers, 1e-6, 2048)),
        shards);
  }

  /** Llama 2 behind joined patches. */
  static void writeLlama2(Path folder, int layers) throws IOException {
    RandomFolder.write(
        folder,
        config("pretrain_llama2", "false", layers, LANGUAGE.keys(layers, 1e-5, 4096)),
        shards(layers, JOINED_PATCHES * VISION_WIDTH));
  }

  private static List<Consumer<RandomShard>> shards(int layers, int projected) {
    List<Consumer<RandomShard>> shards = new ArrayList<>(LANGUAGE.shards("llama_model.", layers));
    shards.add(shard -> tower(shard, layers));
    shards.add(shard -> shard.linear("llama_proj", LANGUAGE.width(), projected));
    return shards;
  }

  private static String config(String kind, String hasQFormer, int layers, String language) {
    return """
        {"arch": "minigpt4", "model_type": "%s", "has_qformer": %s,
         "fixture_vision": {"depth": %d}, "fixture_bert": {"num_hidden_layers": %d},
         "llama_config": {%s}}
        """
        .formatted(kind, hasQFormer, layers, layers, language);
  }

  private static void tower(RandomShard shard, int layers) {
    String scope = "visual_encoder.";
    shard.uniform(scope + "cls_token", 0.05, 1, 1, VISION_WIDTH);
    shard.uniform(scope + "pos_embed", 0.05, 1, 257, VISION_WIDTH);
    shard.uniform(scope + "patch_embed.proj.weight", 0.05, VISION_WIDTH, 3, 14, 14);
    shard.uniform(scope + "patch_embed.proj.bias", 0.01, VISION_WIDTH);
    for (int i = 0; i < layers; i++) {
      String block = scope + "blocks." + i + ".";
      shard.layerNorm(block + "norm1", VISION_WIDTH);
      shard.uniform(block + "attn.q_bias", 0.01, VISION_WIDTH);
      shard.uniform(block + "attn.v_bias", 0.01, VISION_WIDTH);
      shard.matrix(block + "attn.qkv.weight", 3L * VISION_WIDTH, VISION_WIDTH);
      shard.linear(block + "attn.proj", VISION_WIDTH, VISION_WIDTH);
      shard.layerNorm(block + "norm2", VISION_WIDTH);
      shard.linear(block + "mlp.fc1", VISION_HIDDEN, VISION_WIDTH);
      shard.linear(block + "mlp.fc2", VISION_WIDTH, VISION_HIDDEN);
    }
  }

  private static void qformer(RandomShard shard, int layers) {
    shard.layerNorm("ln_vision", VISION_WIDTH);
    shard.uniform("query_tokens", 0.05, 1, QUERIES, QFORMER_WIDTH);
    shard.layerNorm("Qformer.bert.embeddings.LayerNorm", QFORMER_WIDTH);
    for (int i = 0; i < layers; i++) {
      String layer = "Qformer.bert.encoder.layer." + i + ".";
      attention(shard, layer + "attention.", QFORMER_WIDTH);
      if (i % 2 == 0) {
        attention(shard, layer + "crossattention.", VISION_WIDTH);
      }
      shard.linear(layer + "intermediate_query.dense", QFORMER_HIDDEN, QFORMER_WIDTH);
      shard.linear(layer + "output_query.dense", QFORMER_WIDTH, QFORMER_HIDDEN);
      shard.layerNorm(layer + "output_query.LayerNorm", QFORMER_WIDTH);
    }
  }

  private static void attention(RandomShard shard, String scope, int seen) {
    shard.linear(scope + "self.query", QFORMER_WIDTH, QFORMER_WIDTH);
    shard.linear(scope + "self.key", QFORMER_WIDTH, seen);
    shard.linear(scope + "self.value", QFORMER_WIDTH, seen);
    shard.linear(scope + "output.dense", QFORMER_WIDTH, QFORMER_WIDTH);
    shard.layerNorm(scope + "output.LayerNorm", QFORMER_WIDTH);
  }
}
