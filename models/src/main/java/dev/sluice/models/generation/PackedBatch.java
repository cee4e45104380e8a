package dev.sluice.models.generation;

import dev.sluice.models.generation.Batch.Chunk;
import dev.sluice.models.language.SegmentGroup;
import dev.sluice.models.language.SegmentGroup.Segment;
import dev.sluice.models.value.Dtype;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A batch as packed rows: chunks that attend alike stand together. Owned by the device thread;
 * plain Java.
 */
final class PackedBatch {
  private final int blockSize;
  private final List<Chunk> order = new ArrayList<>();
  private final List<SegmentGroup> groups = new ArrayList<>();
  private final int[] ids;
  private final int[] positions;
  private final int[] slots;
  private final VisualRows visual;
  private final VisualRows memory;

  /** Chunks with equal keys attend as one group. */
  private record Key(boolean fresh, int length, int memoryRows) {}

  /**
   * @param visualWidth features of one of a picture's rows
   */
  PackedBatch(Batch batch, int blockSize, int visualWidth, Dtype dtype) {
    this.blockSize = blockSize;
    int rows = batch.positions();
    this.ids = new int[rows];
    this.positions = new int[rows];
    this.slots = new int[rows];
    this.visual = new VisualRows(visualWidth, dtype);
    this.memory = new VisualRows(visualWidth, dtype);
    Map<Key, List<Chunk>> byKey = new LinkedHashMap<>();
    for (Chunk chunk : batch.chunks()) {
      Key key = new Key(chunk.start() == 0, chunk.length(), chunk.sequence().memoryRows());
      byKey.computeIfAbsent(key, unused -> new ArrayList<>()).add(chunk);
    }
    byKey.values().forEach(this::addGroup);
    int row = 0;
    for (Chunk chunk : order) {
      fillRows(chunk, row);
      addMemory(chunk);
      row += chunk.length();
    }
  }

  private void addGroup(List<Chunk> chunks) {
    int firstRow = order.stream().mapToInt(Chunk::length).sum();
    List<Segment> segments = new ArrayList<>();
    for (Chunk chunk : chunks) {
      Sequence sequence = chunk.sequence();
      segments.add(
          new Segment(
              chunk.start(),
              boxed(sequence.blocks()),
              boxed(sequence.memoryBlocks()),
              sequence.prompt().length()));
    }
    Chunk first = chunks.get(0);
    groups.add(new SegmentGroup(firstRow, first.length(), first.sequence().memoryRows(), segments));
    order.addAll(chunks);
  }

  private void fillRows(Chunk chunk, int firstRow) {
    Sequence sequence = chunk.sequence();
    List<Integer> visualAt = new ArrayList<>();
    for (int i = 0; i < chunk.length(); i++) {
      int position = chunk.start() + i;
      int id = sequence.tokenAt(position);
      if (id == PromptLayout.VISUAL) {
        visualAt.add(firstRow + i);
      }
      ids[firstRow + i] = Math.max(id, 0); // any row will do where a visual token overwrites it
      positions[firstRow + i] = position;
      slots[firstRow + i] = slot(sequence.blocks(), position);
    }
    int from = sequence.prompt().visualBefore(Math.min(chunk.start(), sequence.prompt().length()));
    visual.add(
        sequence.tokens(), from, from + visualAt.size(), index -> visualAt.get(index - from));
  }

  /** A memory enters with its sequence's first rows. */
  private void addMemory(Chunk chunk) {
    if (chunk.start() == 0) {
      Sequence sequence = chunk.sequence();
      memory.add(
          sequence.tokens(),
          0,
          sequence.memoryRows(),
          index -> slot(sequence.memoryBlocks(), index));
    }
  }

  /** Where the cache has a position; 0 for a sequence without blocks, which is not cached. */
  private int slot(int[] blocks, int position) {
    return blocks.length == 0 ? 0 : blocks[position / blockSize] * blockSize + position % blockSize;
  }

  private static List<Integer> boxed(int[] blocks) {
    return Arrays.stream(blocks).boxed().toList();
  }

  /** Chunks in the order of their rows. */
  List<Chunk> order() {
    return order;
  }

  List<SegmentGroup> groups() {
    return groups;
  }

  /** Token ids, [N]; 0 where a visual token stands. */
  int[] ids() {
    return ids;
  }

  /** [N]. */
  int[] positions() {
    return positions;
  }

  /** Where each row goes in the cache, [N]. */
  int[] slots() {
    return slots;
  }

  /** Visual tokens in prompts, and the rows that they take. */
  VisualRows visual() {
    return visual;
  }

  /** Memories that enter with this batch, and where the cache puts them. */
  VisualRows memory() {
    return memory;
  }

  /** Last rows of the chunks that yield a token, in the order of chunks. */
  int[] yieldingRows() {
    List<Integer> rows = new ArrayList<>();
    int end = 0;
    for (Chunk chunk : order) {
      end += chunk.length();
      if (chunk.yieldsToken()) {
        rows.add(end - 1);
      }
    }
    return rows.stream().mapToInt(Integer::intValue).toArray();
  }
}
