package dev.sluice.models.families;

import dev.sluice.models.weights.ModelConfig;
import dev.sluice.models.weights.ModelDirectory;
import dev.sluice.models.weights.WeightPart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the parts of a MiniGPT-4 lie: in one checkpoint, or where they were published. Immutable.
 *
 * <p>A folder whose {@code minigpt4.json} names the parts, by the keys of the reference's own
 * configuration, with paths from that folder on:
 *
 * <pre>{@code
 * {
 *   "arch": "minigpt4",
 *   "model_type": "pretrain_vicuna0",
 *   "vit_model": "eva_vit_g.pth",
 *   "q_former_model": "blip2_pretrained_flant5xxl.pth",
 *   "llama_model": "../vicuna-7b",
 *   "ckpt": "pretrained_minigpt4_7b.pth"
 * }
 * }</pre>
 *
 * <p>{@code pretrain_llama2} has no {@code q_former_model}.
 *
 * @param language where the tokenizer and what ends a text are
 * @param languageConfig sizes of the language model
 */
record MiniGpt4Folder(ModelDirectory home, ModelDirectory language, ModelConfig languageConfig) {

  static MiniGpt4Folder of(ModelDirectory home) {
    ModelConfig config = home.config();
    if (!isInParts(config)) {
      return new MiniGpt4Folder(home, home, config.at("llama_config"));
    }
    Path folder = path(home, config, "llama_model");
    if (!Files.isDirectory(folder)) {
      throw config.error("llama_model", "a folder, from the folder of " + config.file() + " on");
    }
    ModelDirectory language = ModelDirectory.open(folder);
    return new MiniGpt4Folder(home, language, language.config());
  }

  private static boolean isInParts(ModelConfig config) {
    return config.has("llama_model");
  }

  private static Path path(ModelDirectory home, ModelConfig config, String key) {
    return home.path().resolve(config.string(key));
  }

  /** The files of all parts in the order in which the reference loads them. */
  List<WeightPart> weights(MiniGpt4Names names, boolean hasQFormer) {
    ModelConfig config = home.config();
    List<WeightPart> parts = new ArrayList<>();
    if (!isInParts(config)) {
      home.weightFiles().forEach(file -> parts.add(new WeightPart(file, names::asked)));
      return parts;
    }
    parts.add(part(config, "vit_model", MiniGpt4Names.VISION, names));
    if (hasQFormer) {
      parts.add(part(config, "q_former_model", "", names));
    }
    for (Path file : language.weightFiles()) {
      parts.add(new WeightPart(file, name -> names.asked(MiniGpt4Names.LANGUAGE + name)));
    }
    parts.add(part(config, "ckpt", "", names));
    return parts;
  }

  private WeightPart part(ModelConfig config, String key, String prefix, MiniGpt4Names names) {
    Path file = path(home, config, key);
    if (!Files.isRegularFile(file)) {
      throw config.error(key, "a file, from the folder of " + config.file() + " on");
    }
    return new WeightPart(file, name -> names.asked(prefix + name));
  }
}
