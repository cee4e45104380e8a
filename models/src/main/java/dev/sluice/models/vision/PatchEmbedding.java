package dev.sluice.models.vision;

import dev.sluice.models.layers.AlignedBilinear;
import dev.sluice.models.layers.Bicubic;
import dev.sluice.models.layers.PatchGrid;
import dev.sluice.models.layers.Segments;
import dev.sluice.models.layers.TensorCache;
import dev.sluice.models.weights.Weights;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * From pixels to rows: each patch through one matrix, plus its learned position. Owned by the
 * device thread.
 *
 * <p>What does not depend on the pixels (the class token, the bias, the positions resized to a
 * grid) is added as one table for each grid. A tile's rows are its class token, if there is one,
 * and its patches row by row.
 */
final class PatchEmbedding {
  private static final int CHANNELS = 3;

  private final int patch;
  private final PatchGrid learned;
  private final Tensor kernel; // [E, 3 patch patch]
  private final @Nullable Tensor bias; // [E]
  private final @Nullable Tensor classToken; // [1, E]
  private final Tensor positions; // [C + P, E] of the learned grid, C class tokens
  private final TableResize resize;
  private final TensorCache<PatchGrid> tables;

  /** How learned positions come to another grid. */
  private interface TableResize {
    Tensor resize(Tensor table, PatchGrid from, PatchGrid to);
  }

  /**
   * A checkpoint's tensors, in one shape for all names.
   *
   * @param convolution [E, 3, patch, patch]
   * @param bias [E]
   * @param classToken [1, E]
   * @param positions [C + P, E]
   */
  private record Parts(
      Tensor convolution,
      @Nullable Tensor bias,
      @Nullable Tensor classToken,
      Tensor positions,
      TableResize resize) {}

  private PatchEmbedding(Weights weights, VisionConfig config, Parts parts) {
    this.patch = config.patchSize();
    this.learned = config.learnedGrid();
    long columns = (long) CHANNELS * patch * patch;
    this.kernel = weights.keep(parts.convolution.reshape(config.hiddenSize(), columns));
    this.bias = parts.bias;
    this.classToken = parts.classToken;
    this.positions = parts.positions;
    this.resize = parts.resize;
    this.tables = new TensorCache<>(weights, this::table);
  }

  /** CLIP: a class token, no bias. */
  static PatchEmbedding clip(Weights weights, VisionConfig config) {
    int width = config.hiddenSize();
    Tensor classToken = weights.tensor("class_embedding", width).view(1, width);
    return new PatchEmbedding(
        weights,
        config,
        new Parts(
            convolution(weights.under("patch_embedding"), config),
            null,
            weights.keep(classToken),
            weights.tensor("position_embedding.weight", 1 + config.patches(), width),
            Bicubic::resize));
  }

  /** SigLIP: a bias, no class token. */
  static PatchEmbedding siglip(Weights weights, VisionConfig config) {
    int width = config.hiddenSize();
    return new PatchEmbedding(
        weights,
        config,
        new Parts(
            convolution(weights.under("patch_embedding"), config),
            weights.tensor("patch_embedding.bias", width),
            null,
            weights.tensor("position_embedding.weight", config.patches(), width),
            Bicubic::resize));
  }

  /** BLIP: both. */
  static PatchEmbedding blip(Weights weights, VisionConfig config) {
    return new PatchEmbedding(
        weights,
        config,
        new Parts(
            convolution(weights.under("patch_embedding"), config),
            weights.tensor("patch_embedding.bias", config.hiddenSize()),
            rows(weights, "class_embedding", 1, config),
            rows(weights, "position_embedding", 1 + config.patches(), config),
            Bicubic::resize));
  }

  /** ViLT: both, under the first vision transformers' names. */
  static PatchEmbedding vilt(Weights weights, VisionConfig config) {
    Weights projection = weights.under("patch_embeddings", "projection");
    return new PatchEmbedding(
        weights,
        config,
        new Parts(
            convolution(projection, config),
            projection.tensor("bias", config.hiddenSize()),
            rows(weights, "cls_token", 1, config),
            rows(weights, "position_embeddings", 1 + config.patches(), config),
            AlignedBilinear::resize));
  }

  /** Qwen-VL: neither. */
  static PatchEmbedding qwen(Weights weights, VisionConfig config) {
    return new PatchEmbedding(
        weights,
        config,
        new Parts(
            convolution(weights.under("conv1"), config),
            null,
            null,
            weights.tensor("positional_embedding", config.patches(), config.hiddenSize()),
            Bicubic::resize));
  }

  private static Tensor convolution(Weights weights, VisionConfig config) {
    int patch = config.patchSize();
    return weights.tensor("weight", config.hiddenSize(), CHANNELS, patch, patch);
  }

  /** A parameter [1, rows, E] as [rows, E]. */
  private static Tensor rows(Weights weights, String name, int rows, VisionConfig config) {
    Tensor parameter = weights.tensor(name, 1, rows, config.hiddenSize());
    return weights.keep(parameter.view(rows, config.hiddenSize()));
  }

  /** C, rows of a tile before its patches. */
  int classTokens() {
    return classToken == null ? 0 : 1;
  }

  /** Where each tile's rows lie, group by group. */
  Segments segments(List<TileGroup> groups) {
    List<Segments.Group> segments = new ArrayList<>();
    int row = 0;
    for (TileGroup group : groups) {
      int length = classTokens() + group.grid().patches();
      Segments.Group segment = new Segments.Group(row, group.tiles(), length);
      segments.add(segment);
      row += segment.rows();
    }
    return new Segments(segments);
  }

  /**
   * One product for all patches, then each grid's table. The pixels of a class token are zero, so
   * that its embedding comes from the table too.
   *
   * @return [N, E]
   */
  Tensor apply(List<TileGroup> groups, Segments segments) {
    Tensor first = groups.get(0).pixels();
    Tensor pixels =
        torch.zeros(new long[] {segments.rows(), kernel.size(1)}, first.options()); // [N, 3 p p]
    for (int i = 0; i < groups.size(); i++) {
      TileGroup group = groups.get(i);
      segments
          .groups()
          .get(i)
          .of(pixels)
          .narrow(1, classTokens(), group.grid().patches())
          .copy_(patches(group));
    }
    Tensor x = torch.linear(pixels, kernel); // [N, E]
    for (int i = 0; i < groups.size(); i++) {
      segments.groups().get(i).of(x).add_(tables.get(groups.get(i).grid()));
    }
    return x;
  }

  /** [B, 3, height, width] to [B, P, 3 patch patch], a view where possible. */
  private Tensor patches(TileGroup group) {
    PatchGrid grid = group.grid();
    return group
        .pixels()
        .view(group.tiles(), CHANNELS, grid.rows(), patch, grid.columns(), patch)
        .permute(0, 2, 4, 1, 3, 5)
        .reshape(group.tiles(), grid.patches(), kernel.size(1));
  }

  /** [C + P, E]: the class token with its position, then the resized positions with the bias. */
  private Tensor table(PatchGrid grid) {
    Tensor patchRows = positions.narrow(0, classTokens(), learned.patches());
    if (!grid.equals(learned)) {
      patchRows = resize.resize(patchRows, learned, grid);
    }
    if (bias != null) {
      patchRows = torch.add(patchRows, bias);
    }
    if (classToken == null) {
      return patchRows;
    }
    Tensor classRow = torch.add(classToken, positions.narrow(0, 0, 1));
    return torch.cat(new TensorVector(classRow, patchRows), 0);
  }
}
