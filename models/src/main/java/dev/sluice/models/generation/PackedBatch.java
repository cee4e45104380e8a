package dev.sluice.models.generation;

import dev.sluice.models.generation.Batch.Chunk;
import dev.sluice.models.language.SegmentGroup;
import dev.sluice.models.language.SegmentGroup.Segment;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.value.VisualTokens;
import java.io.ByteArrayOutputStream;
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
  private final List<Integer> visualRows = new ArrayList<>();
  private final ByteArrayOutputStream visualData = new ByteArrayOutputStream();

  /** Chunks with equal keys attend as one group. */
  private record Key(boolean fresh, int length) {}

  PackedBatch(Batch batch, int blockSize, int width, Dtype dtype) {
    this.blockSize = blockSize;
    int rows = batch.positions();
    this.ids = new int[rows];
    this.positions = new int[rows];
    this.slots = new int[rows];
    Map<Key, List<Chunk>> byKey = new LinkedHashMap<>();
    for (Chunk chunk : batch.chunks()) {
      Key key = new Key(chunk.start() == 0, chunk.length());
      byKey.computeIfAbsent(key, unused -> new ArrayList<>()).add(chunk);
    }
    byKey.values().forEach(this::addGroup);
    int row = 0;
    for (Chunk chunk : order) {
      fillRows(chunk, row);
      addVisual(chunk, row, width, dtype);
      row += chunk.length();
    }
  }

  private void addGroup(List<Chunk> chunks) {
    int firstRow = order.stream().mapToInt(Chunk::length).sum();
    List<Segment> segments = new ArrayList<>();
    for (Chunk chunk : chunks) {
      List<Integer> blocks = Arrays.stream(chunk.sequence().blocks()).boxed().toList();
      segments.add(new Segment(chunk.start(), blocks));
    }
    groups.add(new SegmentGroup(firstRow, chunks.get(0).length(), segments));
    order.addAll(chunks);
  }

  private void fillRows(Chunk chunk, int firstRow) {
    int[] blocks = chunk.sequence().blocks();
    for (int i = 0; i < chunk.length(); i++) {
      int position = chunk.start() + i;
      int id = chunk.sequence().tokenAt(position);
      if (id == PromptLayout.VISUAL) {
        visualRows.add(firstRow + i);
      }
      ids[firstRow + i] = Math.max(id, 0); // any row will do where a visual token overwrites it
      positions[firstRow + i] = position;
      if (blocks.length > 0) {
        slots[firstRow + i] = blocks[position / blockSize] * blockSize + position % blockSize;
      }
    }
  }

  private void addVisual(Chunk chunk, int firstRow, int width, Dtype dtype) {
    PromptLayout prompt = chunk.sequence().prompt();
    int start = Math.min(chunk.start(), prompt.length());
    int end = Math.min(chunk.start() + chunk.length(), prompt.length());
    int from = prompt.visualBefore(start);
    int to = prompt.visualBefore(end);
    VisualTokens tokens = chunk.sequence().tokens();
    if (from == to) {
      return;
    }
    if (tokens.width() != width || tokens.dtype() != dtype) {
      throw new IllegalArgumentException(
          "visual tokens at row %d: expected [T, %d] %s, found %s; encode and generate with one model"
              .formatted(firstRow, width, dtype.label(), tokens));
    }
    int rowBytes = width * dtype.bytes();
    visualData.write(tokens.data(), from * rowBytes, (to - from) * rowBytes);
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

  /** Rows that visual tokens take, [V]. */
  int[] visualRows() {
    return visualRows.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The visual tokens, [V, E], little endian. */
  byte[] visualData() {
    return visualData.toByteArray();
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
