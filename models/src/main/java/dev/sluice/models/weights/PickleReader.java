package dev.sluice.models.weights;

import dev.sluice.models.weights.TensorPickle.Global;
import dev.sluice.models.weights.TensorPickle.Storage;
import dev.sluice.models.weights.TensorPickle.Tuple;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the pickles that {@code torch.save} writes for tensors, and no others. Used once, by the
 * thread that loads the model.
 *
 * <p>A pickle is a program for a small stack machine, and Python's runs whatever it names. This one
 * knows the few instructions that dictionaries of tensors need; what may be named and called is
 * {@link TensorPickle}'s short list, and everything else ends the reading with a sentence. Each
 * instruction makes at most one object and their number is limited, which bounds memory.
 *
 * <p>Reference: Python's {@code pickletools}, protocols 2 to 4.
 */
final class PickleReader {
  private static final int MAX_INSTRUCTIONS = 1 << 22;
  private static final Object MARK = new Object();

  private final String file;
  private final ByteBuffer in;
  private final List<Object> stack = new ArrayList<>();
  private final Map<Integer, Object> memo = new HashMap<>();
  private final Map<String, Storage> storages = new HashMap<>();
  private int instructions;

  /**
   * @param file names the file in messages
   * @param in the pickle, read from its position
   */
  PickleReader(String file, ByteBuffer in) {
    this.file = file;
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads one pickle; the buffer then stands behind it.
   *
   * @throws WeightsException if it is cut off, inconsistent, or asks for anything but tensors
   */
  Object read() {
    stack.clear();
    memo.clear();
    try {
      while (true) {
        int opcode = in.get() & 0xff;
        if (++instructions > MAX_INSTRUCTIONS) {
          throw new WeightsException(
              "%s: expected a pickle of at most %d instructions".formatted(file, MAX_INSTRUCTIONS));
        }
        if (opcode == '.') {
          return pop();
        }
        execute(opcode);
      }
    } catch (BufferUnderflowException e) {
      throw new WeightsException(file + ": the pickle is cut off; is the download complete?", e);
    } catch (ClassCastException e) {
      throw new WeightsException(file + ": not a pickle of tensors (" + e.getMessage() + ")", e);
    }
  }

  /** The storages that were named so far, by key. */
  Map<String, Storage> storages() {
    return storages;
  }

  private void execute(int opcode) {
    switch (opcode) {
      case 0x80 -> in.get(); // PROTO
      case 0x95 -> in.getLong(); // FRAME
      case '(' -> push(MARK);
      case 'N' -> push(TensorPickle.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'J' -> push((long) in.getInt());
      case 'K' -> push((long) (in.get() & 0xff));
      case 'M' -> push((long) (in.getShort() & 0xffff));
      case 0x8a -> push(longNumber(in.get() & 0xff));
      case 'G' -> push(Double.longBitsToDouble(Long.reverseBytes(in.getLong())));
      case 'X' -> push(text(Integer.toUnsignedLong(in.getInt())));
      case 0x8c -> push(text(in.get() & 0xff));
      case 'c' -> push(TensorPickle.global(file, line(), line()));
      case 0x93 -> stackGlobal();
      case 'Q' -> storage();
      case 'R' -> reduce();
      case 'b' -> build();
      default -> container(opcode);
    }
  }

  private void container(int opcode) {
    switch (opcode) {
      case '}' -> push(new LinkedHashMap<String, Object>());
      case ']' -> push(new ArrayList<Object>());
      case ')' -> push(new Tuple(List.of()));
      case 't' -> push(new Tuple(popToMark()));
      case 0x85 -> push(tuple(1));
      case 0x86 -> push(tuple(2));
      case 0x87 -> push(tuple(3));
      case 'a' -> append(List.of(pop()));
      case 'e' -> append(popToMark());
      case 's' -> setItems(tuple(2).items());
      case 'u' -> setItems(popToMark());
      case 'q' -> memoize(in.get() & 0xff);
      case 'r' -> memoize(in.getInt());
      case 0x94 -> memoize(memo.size());
      case 'h' -> push(remembered(in.get() & 0xff));
      case 'j' -> push(remembered(in.getInt()));
      default ->
          throw new WeightsException(
              "%s: pickle instruction 0x%02x is refused: only dictionaries of tensors are read"
                  .formatted(file, opcode));
    }
  }

  private void storage() {
    Storage storage = TensorPickle.storage(file, pop());
    storages.putIfAbsent(storage.key(), storage);
    push(storage);
  }

  private void stackGlobal() {
    String name = (String) pop();
    String module = (String) pop();
    push(TensorPickle.global(file, module, name));
  }

  private void reduce() {
    Tuple arguments = (Tuple) pop();
    push(TensorPickle.call(file, (Global) pop(), arguments));
  }

  /** A dictionary's attributes, such as PyTorch's {@code _metadata}, are of no use here. */
  private void build() {
    pop();
    if (!(peek() instanceof Map)) {
      throw new WeightsException(file + ": pickle sets the state of an object, which is refused");
    }
  }

  private void append(List<Object> items) {
    @SuppressWarnings("unchecked")
    List<Object> target = (List<Object>) peek();
    target.addAll(items);
  }

  private void setItems(List<Object> items) {
    @SuppressWarnings("unchecked")
    Map<String, Object> target = (Map<String, Object>) peek();
    if (items.size() % 2 != 0) {
      throw new WeightsException(file + ": pickle has a key without a value");
    }
    for (int i = 0; i < items.size(); i += 2) {
      target.put(TensorPickle.key(items.get(i)), items.get(i + 1));
    }
  }

  private Long longNumber(int bytes) {
    if (bytes > Long.BYTES) {
      throw new WeightsException(
          "%s: pickle has a number of %d bytes, expected at most 8".formatted(file, bytes));
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      long part = i == bytes - 1 ? in.get() : in.get() & 0xff;
      value |= part << (8 * i);
    }
    return value;
  }

  private String text(long bytes) {
    if (bytes > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] utf8 = new byte[(int) bytes];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    for (int c = in.get(); c != '\n'; c = in.get()) {
      if (line.length() >= 256) {
        throw new WeightsException(file + ": pickle has a name of more than 256 characters");
      }
      line.append((char) (c & 0xff));
    }
    return line.toString();
  }

  private void memoize(int index) {
    memo.put(index, peek());
  }

  private Object remembered(int index) {
    Object value = memo.get(index);
    if (value == null) {
      throw new WeightsException(
          file + ": pickle recalls object " + index + ", which it never made");
    }
    return value;
  }

  private Tuple tuple(int size) {
    if (stack.size() < size) {
      throw emptyStack();
    }
    List<Object> top = stack.subList(stack.size() - size, stack.size());
    Tuple tuple = new Tuple(List.copyOf(top));
    top.clear();
    return tuple;
  }

  private List<Object> popToMark() {
    int mark = stack.lastIndexOf(MARK);
    if (mark < 0) {
      throw emptyStack();
    }
    List<Object> items = List.copyOf(stack.subList(mark + 1, stack.size()));
    stack.subList(mark, stack.size()).clear();
    return items;
  }

  private void push(Object value) {
    stack.add(value);
  }

  private Object peek() {
    if (stack.isEmpty()) {
      throw emptyStack();
    }
    return stack.get(stack.size() - 1);
  }

  private Object pop() {
    Object top = peek();
    stack.remove(stack.size() - 1);
    return top;
  }

  private WeightsException emptyStack() {
    return new WeightsException(file + ": pickle takes more from its stack than is there");
  }
}
