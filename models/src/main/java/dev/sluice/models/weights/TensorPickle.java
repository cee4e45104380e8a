package dev.sluice.models.weights;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a pickle of tensors may name and call: storages, the rebuilding of tensors, ordered
 * dictionaries. Thread-safe: holds nothing.
 */
final class TensorPickle {
  /** Python's {@code None}. */
  static final Object NONE = new Object();

  private static final int MAX_AXES = 16;

  private static final Map<String, StoredDtype> STORAGES =
      Map.of(
          "DoubleStorage", StoredDtype.F64,
          "FloatStorage", StoredDtype.F32,
          "HalfStorage", StoredDtype.F16,
          "BFloat16Storage", StoredDtype.BF16,
          "LongStorage", StoredDtype.I64,
          "IntStorage", StoredDtype.I32,
          "ShortStorage", StoredDtype.I16,
          "CharStorage", StoredDtype.I8,
          "ByteStorage", StoredDtype.U8,
          "BoolStorage", StoredDtype.BOOL);

  private static final Set<String> CALLABLE =
      Set.of(
          "torch._utils._rebuild_tensor",
          "torch._utils._rebuild_tensor_v2",
          "torch._utils._rebuild_parameter",
          "torch.Size",
          "collections.OrderedDict");

  private TensorPickle() {}

  /** A Python tuple. */
  record Tuple(List<Object> items) {}

  /** Something that a pickle refers to by name, and that is on the list. */
  record Global(String module, String name) {
    @Override
    public String toString() {
      return module + "." + name;
    }
  }

  /**
   * A stretch of numbers that tensors share.
   *
   * @param dtype the element type
   * @param key its name in the file
   * @param elements how many
   */
  record Storage(StoredDtype dtype, String key, long elements) {
    /**
     * @throws ArithmeticException beyond 2^63
     */
    long bytes() {
      return Math.multiplyExact(elements, dtype.bytes());
    }
  }

  /**
   * A view of a storage.
   *
   * @param offset first element
   * @param shape sizes of all axes
   * @param strides steps of all axes, in elements
   */
  record View(Storage storage, long offset, List<Long> shape, List<Long> strides) {}

  /**
   * @throws WeightsException if the name is not on the list
   */
  static Global global(String file, String module, String name) {
    Global global = new Global(module, name);
    boolean storage =
        (module.equals("torch") || module.equals("torch.cuda")) && STORAGES.containsKey(name);
    if (!storage && !CALLABLE.contains(global.toString())) {
      throw new WeightsException(
          "%s: the pickle asks for '%s', which is refused: only tensors are read and no code is"
                  .formatted(file, global)
              + " run; if you trust the file, save its state_dict as safetensors with Python");
    }
    return global;
  }

  /** The storage that a persistent id names: ('storage', type, key, location, elements). */
  static Storage storage(String file, Object id) {
    List<Object> parts = ((Tuple) id).items();
    if (parts.size() >= 5
        && "storage".equals(parts.get(0))
        && parts.get(1) instanceof Global type
        && STORAGES.containsKey(type.name())
        && parts.get(2) instanceof String key
        && parts.get(4) instanceof Long elements
        && elements >= 0
        && (parts.size() == 5 || parts.get(5) == NONE)) {
      return new Storage(Objects.requireNonNull(STORAGES.get(type.name())), key, elements);
    }
    throw new WeightsException(file + ": pickle names a storage in a form that is not read");
  }

  /** What calling a global gives. */
  static Object call(String file, Global function, Tuple arguments) {
    List<Object> items = arguments.items();
    return switch (function.toString()) {
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> view(file, items);
      case "torch._utils._rebuild_parameter" -> (View) first(file, function, items);
      case "torch.Size" -> (Tuple) first(file, function, items);
      case "collections.OrderedDict" -> dictionary(file, items);
      default -> throw new WeightsException(file + ": pickle calls " + function + ", refused");
    };
  }

  private static Object first(String file, Global function, List<Object> items) {
    if (items.isEmpty()) {
      throw new WeightsException(file + ": pickle calls " + function + " without arguments");
    }
    return items.get(0);
  }

  private static View view(String file, List<Object> items) {
    if (items.size() < 4) {
      throw new WeightsException(
          "%s: pickle rebuilds a tensor from %d values, expected at least 4"
              .formatted(file, items.size()));
    }
    List<Long> shape = numbers(items.get(2));
    List<Long> strides = numbers(items.get(3));
    long offset = (Long) items.get(1);
    if (shape.size() != strides.size() || shape.size() > MAX_AXES || offset < 0) {
      throw new WeightsException(
          "%s: pickle rebuilds a tensor of shape %s with strides %s at %d"
              .formatted(file, shape, strides, offset));
    }
    return new View((Storage) items.get(0), offset, shape, strides);
  }

  private static List<Long> numbers(Object tuple) {
    List<Long> numbers = new ArrayList<>();
    for (Object item : ((Tuple) tuple).items()) {
      if (numbers.size() > MAX_AXES) {
        break;
      }
      numbers.add((Long) item);
    }
    return List.copyOf(numbers);
  }

  /** An empty dictionary: since Python 3 the entries follow as instructions. */
  private static Map<String, Object> dictionary(String file, List<Object> items) {
    if (!items.isEmpty()) {
      throw new WeightsException(
          file + ": the pickle is of Python 2; load it and save it again with a newer PyTorch");
    }
    return new LinkedHashMap<>();
  }

  /** A dictionary's key; numbers (in optimizer states) become text. */
  static String key(Object key) {
    return key instanceof Long ? key.toString() : (String) key;
  }
}
