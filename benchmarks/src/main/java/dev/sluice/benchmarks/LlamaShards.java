package dev.sluice.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The widths of a LLaMA, and its random weights. Immutable.
 *
 * @param hidden of the gated matrices
 */
record LlamaShards(int width, int hidden, int heads) {
  static final LlamaShards SEVEN_BILLION = new LlamaShards(4096, 11008, 32);
  static final LlamaShards THIRTEEN_BILLION = new LlamaShards(5120, 13824, 40);

  private static final int VOCABULARY = 32000;

  /**
   * Tables in one file, every layer in one of its own.
   *
   * @param scope of the names, empty or with a dot at its end
   */
  List<Consumer<RandomShard>> shards(String scope, int layers) {
    List<Consumer<RandomShard>> shards = new ArrayList<>();
    shards.add(
        shard -> {
          shard.matrix(scope + "model.embed_tokens.weight", VOCABULARY, width);
          shard.ones(scope + "model.norm.weight", width);
          shard.matrix(scope + "lm_head.weight", VOCABULARY, width);
        });
    for (int i = 0; i < layers; i++) {
      String layer = scope + "model.layers." + i + ".";
      shards.add(shard -> layer(shard, layer));
    }
    return shards;
  }

  private void layer(RandomShard shard, String layer) {
    shard.ones(layer + "input_layernorm.weight", width);
    for (String name : List.of("q_proj", "k_proj", "v_proj", "o_proj")) {
      shard.matrix(layer + "self_attn." + name + ".weight", width, width);
    }
    shard.ones(layer + "post_attention_layernorm.weight", width);
    shard.matrix(layer + "mlp.gate_proj.weight", hidden, width);
    shard.matrix(layer + "mlp.up_proj.weight", hidden, width);
    shard.matrix(layer + "mlp.down_proj.weight", width, hidden);
  }

  /** The keys of {@code config.json}, without its braces. */
  String keys(int layers, double epsilon, int positions) {
    return """
        "vocab_size": %d, "hidden_size": %d, "intermediate_size": %d, "num_hidden_layers": %d,
        "num_attention_heads": %d, "num_key_value_heads": %d, "rms_norm_eps": %s,
        "max_position_embeddings": %d, "torch_dtype": "bfloat16"\
        """
        .formatted(VOCABULARY, width, hidden, layers, heads, heads, epsilon, positions);
  }
}
