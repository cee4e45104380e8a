package dev.sluice.models.language;

import dev.sluice.models.layers.Activation;
import dev.sluice.models.layers.LayerNorm;
import dev.sluice.models.layers.Linear;
import dev.sluice.models.weights.Weights;
import org.bytedeco.pytorch.Tensor;

/**
 * BLIP's captioner: a causal BERT that attends to the picture in every layer. Owned by the device
 * thread.
 *
 * <p>Li et al. 2022 (arXiv 2201.12086); transformers {@code BlipTextLMHeadModel}. The output head
 * is the word table.
 */
public final class BertDecoder implements LanguageModel {
  private final BertConfig config;
  private final BertModel bert;
  private final Linear transform;
  private final Activation activation;
  private final LayerNorm transformNorm;
  private final Linear head;

  private BertDecoder(Weights weights, BertConfig config) {
    this.config = config;
    int width = config.hiddenSize();
    Weights predictions = weights.under("cls", "predictions");
    this.bert = BertModel.load(weights.under("bert"), config);
    this.transform = Linear.load(predictions.under("transform", "dense"), width, width);
    this.activation = config.activation();
    this.transformNorm =
        LayerNorm.load(
            predictions.under("transform", "LayerNorm"), width, config.layerNormEpsilon());
    Tensor bias = predictions.tensor("bias", config.vocabulary());
    this.head = Linear.of(weights, bert.words().weight(), bias);
  }

  /** Loads {@code bert} and {@code cls.predictions}. */
  public static BertDecoder load(Weights weights, BertConfig config) {
    return new BertDecoder(weights, config);
  }

  @Override
  public KvShape kvShape() {
    return config.kvShape();
  }

  @Override
  public int maxPositions() {
    return config.maxPositions();
  }

  @Override
  public int width() {
    return config.hiddenSize();
  }

  @Override
  public boolean attendsToMemory() {
    return true;
  }

  @Override
  public int visualWidth() {
    return config.memoryWidth();
  }

  @Override
  public Tensor embed(Tensor ids) {
    return bert.words().apply(ids);
  }

  @Override
  public Tensor forward(Tensor x, PackedPass pass) {
    return bert.forward(x, pass);
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return head.apply(transformNorm.apply(transform.apply(hidden, activation)));
  }
}
