package dev.sluice.models.families;

import dev.sluice.models.weights.WeightsException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * From the names in the state dict of MiniGPT-4's reference to those that the engine asks for: the
 * vision transformer under BLIP's names, all else as it is. Immutable.
 *
 * <p>Whatever the model does not compute is left out: the blocks and norm behind the tower's last
 * layer, the Q-Former's text branch and head, the other language models of BLIP-2's files, buffers.
 *
 * @param visionLayers layers of the tower that are used
 */
record MiniGpt4Names(int visionLayers) {
  static final String VISION = "visual_encoder.";
  static final String LANGUAGE = "llama_model.";

  private static final Pattern USED =
      Pattern.compile(
          "query_tokens|ln_vision\\..+|llama_proj\\..+"
              + "|Qformer\\.bert\\.embeddings\\.LayerNorm\\..+"
              + "|Qformer\\.bert\\.encoder\\.layer\\.[0-9]+"
              + "\\.(attention|crossattention|intermediate_query|output_query)\\..+"
              + "|llama_model\\.(?!.*rotary_emb\\.).+");

  private static final Pattern BLOCK = Pattern.compile("blocks\\.([0-9]{1,6})\\.(.+)");

  /** The engine's name; empty for a tensor that is not needed. */
  Optional<String> asked(String stored) {
    if (stored.contains(".lora_")) {
      throw new WeightsException(
          "tensor '%s': expected a MiniGPT-4 without adapters, found one of MiniGPT-v2's"
              .formatted(stored));
    }
    if (stored.startsWith(VISION)) {
      return vision(stored.substring(VISION.length())).map(name -> "vision_model." + name);
    }
    return USED.matcher(stored).matches() ? Optional.of(stored) : Optional.empty();
  }

  private Optional<String> vision(String name) {
    Matcher block = BLOCK.matcher(name);
    if (block.matches()) {
      int layer = Integer.parseInt(block.group(1));
      return layer < visionLayers
          ? Optional.of("encoder.layers." + layer + "." + inBlock(block.group(2)))
          : Optional.empty();
    }
    return Optional.ofNullable(
        switch (name) {
          case "cls_token" -> "embeddings.class_embedding";
          case "pos_embed" -> "embeddings.position_embedding";
          case "patch_embed.proj.weight" -> "embeddings.patch_embedding.weight";
          case "patch_embed.proj.bias" -> "embeddings.patch_embedding.bias";
          default -> null;
        });
  }

  private static String inBlock(String name) {
    return name.replaceFirst("^norm", "layer_norm")
        .replaceFirst("^attn\\.([qv]_bias)$", "self_attn.qkv.$1")
        .replaceFirst("^attn\\.qkv\\.", "self_attn.qkv.")
        .replaceFirst("^attn\\.proj\\.", "self_attn.projection.");
  }
}
