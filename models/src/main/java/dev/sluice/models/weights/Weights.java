package dev.sluice.models.weights;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.TensorIndex.Located;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;

/**
 * A checkpoint's tensors by name, seen from one scope: {@code weights.under("layers",
 * 3).tensor("fc1.weight", 4096, 1024)}. Belongs to the device thread.
 *
 * <p>Scopes share their root: a tensor is made at the first call, the same object is given at the
 * next, and all are freed when the root (or any scope) is closed. Nobody else closes them. Where
 * the stored type and the device allow it a tensor lies in the memory-mapped file itself: it must
 * never be written to, no view of it may outlive these weights, and nobody may cut the file short
 * meanwhile.
 */
public final class Weights implements AutoCloseable {
  private final WeightStore store;
  private final TensorIndex index;
  private final String prefix;

  private Weights(WeightStore store, TensorIndex index, String prefix) {
    this.store = store;
    this.index = index;
    this.prefix = prefix;
  }

  /**
   * Opens weight files of any format together.
   *
   * @throws WeightsException if one is unreadable or two hold the same name
   */
  public static Weights open(Device device, Dtype dtype, List<Path> paths) {
    return open(device, dtype, paths, TensorIndex::of);
  }

  /**
   * Opens the files of a model that was published in parts; where two parts hold a tensor, the
   * later one's counts.
   *
   * @throws WeightsException if one is unreadable
   */
  public static Weights ofParts(Device device, Dtype dtype, List<WeightPart> parts) {
    List<Path> paths = parts.stream().map(WeightPart::file).toList();
    return open(device, dtype, paths, files -> TensorIndex.ofParts(files, parts));
  }

  private static Weights open(
      Device device,
      Dtype dtype,
      List<Path> paths,
      Function<List<WeightFile>, TensorIndex> indexOf) {
    List<WeightFile> files = new ArrayList<>();
    try {
      for (Path path : paths) {
        files.add(WeightFile.open(path));
      }
      return new Weights(new WeightStore(files, device, dtype), indexOf.apply(files), "");
    } catch (RuntimeException e) {
      files.forEach(WeightFile::close);
      throw e;
    }
  }

  /** {@link #open(Device, Dtype, List)} for a few files. */
  public static Weights open(Device device, Dtype dtype, Path... paths) {
    return open(device, dtype, List.of(paths));
  }

  /**
   * The scope of names that start with these parts, joined by dots; parts are strings or numbers.
   */
  public Weights under(Object... names) {
    StringBuilder scoped = new StringBuilder(prefix);
    for (Object name : names) {
      scoped.append(name).append('.');
    }
    return new Weights(store, index, scoped.toString());
  }

  /**
   * The same tensors under other names, seen from the root: for checkpoints written with older or
   * newer names.
   *
   * @param storedToAsked from the name in the file to the name that the model asks for
   * @throws WeightsException if two tensors would have the same name
   */
  public Weights renamed(UnaryOperator<String> storedToAsked) {
    return new Weights(store, index.renamed(storedToAsked), prefix);
  }

  /** Whether this scope has a tensor of this name. */
  public boolean has(String name) {
    return index.has(prefix + name);
  }

  /** The names in this scope, without its prefix, sorted. */
  public SortedSet<String> names() {
    SortedSet<String> names = new TreeSet<>();
    for (String name : index.names()) {
      if (name.startsWith(prefix)) {
        names.add(name.substring(prefix.length()));
      }
    }
    return names;
  }

  /** This scope's full name, for messages; empty at the root. */
  public String scope() {
    return prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
  }

  /**
   * A tensor on the device: in the compute type if it is floating, in its own type if not.
   *
   * @param expected its shape ({@link Tensors#ANY}: any size)
   * @throws WeightsException if it is absent or has another shape
   */
  public Tensor tensor(String name, long... expected) {
    return store.tensor(require(name, expected));
  }

  /** {@link #tensor} where the checkpoint has it. */
  public Optional<Tensor> optional(String name, long... expected) {
    return has(name) ? Optional.of(tensor(name, expected)) : Optional.empty();
  }

  /** A tensor in the type it is stored in, whatever the compute type. */
  public Tensor stored(String name) {
    return store.stored(index.require(prefix + name));
  }

  /**
   * A tensor's shape as stored, read without touching its content.
   *
   * @throws WeightsException if it is absent
   */
  public long[] shape(String name) {
    return index.require(prefix + name).tensor().shape().clone();
  }

  /** What the file stores a tensor as. */
  public StoredDtype storedDtype(String name) {
    return index.require(prefix + name).tensor().dtype();
  }

  /** Elements of all tensors in this scope: the number of parameters. */
  public long parameters() {
    long sum = 0;
    for (String name : names()) {
      sum += index.require(prefix + name).tensor().elements();
    }
    return sum;
  }

  /** Bytes of the tensors made so far by all scopes, those in mapped files included. */
  public long bytes() {
    return store.bytes();
  }

  /**
   * SHA-256 over the content of the files in the order they were opened in, lower-case hex. It
   * reads every byte once: about a second per gigabyte from the page cache.
   */
  public String sha256() {
    return FileDigest.sha256(store.paths());
  }

  public Device device() {
    return store.device();
  }

  /** What floating tensors are computed in. */
  public Dtype dtype() {
    return store.dtype();
  }

  /**
   * {@link #tensor} for one use, such as being joined with others: it is not remembered, and the
   * caller closes it.
   */
  public Tensor tensorOnce(String name, long... expected) {
    return store.once(require(name, expected));
  }

  /**
   * Lets an object made from these tensors live as long as they do: it leaves every scope and is
   * closed with the weights.
   *
   * @return the same object
   */
  public <T extends Pointer> T keep(T derived) {
    derived.retainReference();
    onClose(derived::close);
    return derived;
  }

  /** Runs an action when the weights are closed, before their tensors are freed, last one first. */
  public void onClose(Runnable action) {
    store.onClose(action);
  }

  private Located require(String name, long... expected) {
    Located located = index.require(prefix + name);
    long[] found = located.tensor().shape();
    if (!Tensors.matches(found, expected)) {
      throw new WeightsException(
          "tensor '%s': expected %s, found %s in %s"
              .formatted(
                  prefix + name,
                  Arrays.toString(expected),
                  Arrays.toString(found),
                  located.file().path().getFileName()));
    }
    return located;
  }

  /** Frees the tensors of all scopes and closes the files. */
  @Override
  public void close() {
    store.close();
  }

  @Override
  public String toString() {
    return "Weights[" + scope() + "]";
  }
}
