package dev.sluice.models.weights;

import dev.sluice.models.weights.TensorPickle.Storage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;

/**
 * A file that {@code torch.save} wrote, memory-mapped: a pickle of a dictionary of tensors, and
 * their numbers; as a zip file (since PyTorch 1.6) or one after another (before). Belongs to the
 * thread that loads the model.
 *
 * <p>Views with strides and views that share numbers are read as they are. Nothing in the file is
 * executed, see {@link PickleReader}.
 */
public final class TorchFile implements WeightFile {
  private static final String PICKLE = "data.pkl";
  private static final int MAX_PICKLE_BYTES = 64 << 20;

  /** The pickled number 0x1950a86a20f9469cfc6c that opens the older form. */
  private static final byte[] OLD_MAGIC = {
    (byte) 0x80,
    2,
    (byte) 0x8a,
    10,
    0x6c,
    (byte) 0xfc,
    (byte) 0x9c,
    0x46,
    (byte) 0xf9,
    0x20,
    0x6a,
    (byte) 0xa8,
    0x50,
    0x19,
    '.'
  };

  private final MappedFile file;
  private final Map<String, StoredTensor> tensors;

  private TorchFile(MappedFile file, Map<String, StoredTensor> tensors) {
    this.file = file;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /**
   * Opens and validates a file.
   *
   * @throws WeightsException if it is not a whole dictionary of tensors, or asks for anything else
   */
  public static TorchFile open(Path path) {
    MappedFile file = MappedFile.open(path);
    try {
      int length = (int) Math.min(OLD_MAGIC.length, file.size());
      byte[] start = file.read(0, length);
      StateDict content;
      if (length >= 4 && start[0] == 'P' && start[1] == 'K') {
        content = zip(file);
      } else if (Arrays.equals(start, OLD_MAGIC)) {
        content = old(file);
      } else {
        throw new WeightsException(
            file.name() + ": expected a file that torch.save wrote, found another kind");
      }
      return new TorchFile(file, content.tensors(file.name()));
    } catch (ArithmeticException e) {
      file.close();
      throw new WeightsException(file.name() + ": a storage exceeds 2^63 bytes", e);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public Path path() {
    return file.path();
  }

  @Override
  public Map<String, StoredTensor> tensors() {
    return tensors;
  }

  @Override
  public BytePointer address(StoredTensor tensor) {
    return file.address(tensor.offset(), tensor.spanBytes());
  }

  @Override
  public void close() {
    file.close();
  }

  private static StateDict zip(MappedFile file) {
    ZipIndex zip = ZipIndex.read(file);
    String pickle =
        zip.names().stream()
            .filter(name -> name.equals(PICKLE) || name.endsWith("/" + PICKLE))
            .min(String::compareTo)
            .orElseThrow(() -> new WeightsException(file.name() + ": expected an entry " + PICKLE));
    String folder = pickle.substring(0, pickle.length() - PICKLE.length());
    if (zip.find(folder + "byteorder").isPresent()) {
      String order = new String(entry(file, zip, folder + "byteorder"), StandardCharsets.US_ASCII);
      requireLittleEndian(file, order.equals("little"));
    }
    ByteBuffer in = ByteBuffer.wrap(entry(file, zip, pickle));
    Object root = new PickleReader(file.name(), in).read();
    return new StateDict(root, storage -> zip.find(folder + "data/" + storage.key()));
  }

  private static byte[] entry(MappedFile file, ZipIndex zip, String name) {
    ZipIndex.Entry entry = zip.find(name).orElseThrow();
    if (entry.size() > MAX_PICKLE_BYTES) {
      throw new WeightsException(
          "%s: expected an entry %s of at most %d bytes, found %d"
              .formatted(file.name(), name, MAX_PICKLE_BYTES, entry.size()));
    }
    return file.read(entry.offset(), (int) entry.size());
  }

  /** Pickles of system facts, the dictionary, and the storages' keys; then the numbers. */
  private static StateDict old(MappedFile file) {
    long length = Math.min(file.size() - OLD_MAGIC.length, MAX_PICKLE_BYTES);
    ByteBuffer in = file.buffer(OLD_MAGIC.length, (int) length);
    PickleReader reader = new PickleReader(file.name(), in);
    reader.read(); // the protocol's version
    Object system = reader.read();
    requireLittleEndian(
        file, system instanceof Map<?, ?> facts && Boolean.TRUE.equals(facts.get("little_endian")));
    Object root = reader.read();
    Map<String, Storage> storages = reader.storages();
    Map<String, ZipIndex.Entry> entries = new HashMap<>();
    long offset = OLD_MAGIC.length;
    for (Object key : reader.read() instanceof List<?> keys ? keys : List.of()) {
      Storage storage = storages.get(String.valueOf(key));
      if (storage == null || entries.containsKey(storage.key())) {
        throw new WeightsException(
            "%s: storage '%s': expected one, used by a tensor".formatted(file.name(), key));
      }
      offset += Long.BYTES; // how many elements, once more
      entries.put(storage.key(), new ZipIndex.Entry(offset, storage.bytes()));
      offset = Math.addExact(offset, storage.bytes());
    }
    return new StateDict(root, at(entries, in.position(), file));
  }

  /** Storages by key, their offsets counted from the end of the pickles. */
  private static StateDict.Storages at(
      Map<String, ZipIndex.Entry> entries, long start, MappedFile file) {
    return storage -> {
      ZipIndex.Entry entry = entries.get(storage.key());
      if (entry == null) {
        return Optional.empty();
      }
      long offset = start + entry.offset();
      if (offset > file.size() - entry.size()) {
        throw new WeightsException(
            "%s: storage '%s' ends beyond the file; is the download complete?"
                .formatted(file.name(), storage.key()));
      }
      return Optional.of(new ZipIndex.Entry(offset, entry.size()));
    };
  }

  private static void requireLittleEndian(MappedFile file, boolean little) {
    if (!little) {
      throw new WeightsException(file.name() + ": expected little-endian numbers");
    }
  }
}
