package dev.sluice.models.language;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.TensorScope;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Keys and values of all layers in blocks of positions: one tensor per layer [blocks · block size,
 * 2 H D]. Owned by the device thread.
 *
 * <p>Kwon et al. 2023 (PagedAttention): a sequence's blocks lie anywhere. Memory starts as zeros,
 * since masked positions are read too and must be finite.
 */
public final class KvCache implements AutoCloseable {
  private final KvShape shape;
  private final int blockSize;
  private final Dtype dtype;
  private final Device device;
  private final List<Tensor> layers = new ArrayList<>();

  public KvCache(KvShape shape, int blocks, int blockSize, Dtype dtype, Device device) {
    this.shape = shape;
    this.blockSize = blockSize;
    this.dtype = dtype;
    this.device = device;
    try (TensorScope scope = new TensorScope()) {
      for (int i = 0; i < shape.layers(); i++) {
        long rows = (long) blocks * blockSize;
        layers.add(scope.keep(Tensors.zeros(dtype, device, rows, shape.elementsPerLayer())));
      }
    }
  }

  /** Positions of one block. */
  public int blockSize() {
    return blockSize;
  }

  public Dtype dtype() {
    return dtype;
  }

  public Device device() {
    return device;
  }

  /**
   * Stores rows.
   *
   * @param slots block · block size + offset of each row, int64 [N]
   * @param keysAndValues [N, 2 H D]
   */
  void write(int layer, Tensor slots, Tensor keysAndValues) {
    layers.get(layer).index_copy_(0, slots, keysAndValues);
  }

  /**
   * Copies blocks of several sequences.
   *
   * @param blocks int64 [B · n], n blocks of each sequence in order
   * @return [B, n · block size, 2, H, D]
   */
  Tensor read(int layer, Tensor blocks, long sequences) {
    Tensor byBlock = layers.get(layer).view(-1, blockSize * shape.elementsPerLayer());
    return torch
        .index_select(byBlock, 0, blocks)
        .view(sequences, -1, 2, shape.heads(), shape.headSize());
  }

  /**
   * Copies blocks in all layers.
   *
   * @param from int64 [B]
   * @param to int64 [B], none of which is in {@code from}
   */
  public void copy(Tensor from, Tensor to) {
    for (Tensor layer : layers) {
      Tensor byBlock = layer.view(-1, blockSize * shape.elementsPerLayer());
      byBlock.index_copy_(0, to, torch.index_select(byBlock, 0, from));
    }
  }

  @Override
  public void close() {
    layers.forEach(Tensor::close);
    layers.clear();
  }
}
