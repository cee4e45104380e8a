package dev.sluice.models.weights;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.Dtype;
import dev.sluice.models.weights.TensorIndex.Located;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The open files of a model and the tensors made from them. Belongs to the device thread. */
final class WeightStore implements AutoCloseable {
  private final List<WeightFile> files;
  private final Device device;
  private final Dtype dtype;
  private final Map<Key, Tensor> made = new HashMap<>();
  private final Deque<Runnable> closeActions = new ArrayDeque<>();
  private long deviceBytes;
  private boolean closed;

  WeightStore(List<? extends WeightFile> files, Device device, Dtype dtype) {
    this.files = List.copyOf(files);
    this.device = device;
    this.dtype = dtype;
  }

  private record Key(StoredTensor tensor, WeightFile file, ScalarType type) {}

  /** The files, in the order they were opened in. */
  List<Path> paths() {
    return files.stream().map(WeightFile::path).toList();
  }

  Device device() {
    return device;
  }

  Dtype dtype() {
    return dtype;
  }

  /** Bytes of the tensors made so far, mapped ones included. */
  long bytes() {
    return deviceBytes;
  }

  /** The tensor in the compute type if it is floating, in its own type otherwise. */
  Tensor tensor(Located located) {
    StoredDtype stored = located.tensor().dtype();
    return made(located, stored.isFloating() ? Tensors.scalarType(dtype) : stored.scalarType());
  }

  /** {@link #tensor} that is not remembered. */
  Tensor once(Located located) {
    requireOpen();
    StoredDtype stored = located.tensor().dtype();
    return make(located, stored.isFloating() ? Tensors.scalarType(dtype) : stored.scalarType());
  }

  void onClose(Runnable action) {
    requireOpen();
    closeActions.push(action);
  }

  /** The tensor in the type it is stored in. */
  Tensor stored(Located located) {
    return made(located, located.tensor().dtype().scalarType());
  }

  private Tensor made(Located located, ScalarType type) {
    requireOpen();
    Key key = new Key(located.tensor(), located.file(), type);
    Tensor tensor = made.get(key);
    if (tensor == null) {
      tensor = make(located, type);
      deviceBytes += tensor.nbytes();
      made.put(key, tensor);
    }
    return tensor;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("weights: used after close");
    }
  }

  private Tensor make(Located located, ScalarType type) {
    try (PointerScope scope = new PointerScope()) {
      Tensor source = view(located);
      boolean plain = device.isCpu() && located.tensor().dtype().scalarType() == type;
      boolean aligned = (located.tensor().offset() % located.tensor().dtype().bytes()) == 0;
      Tensor result = plain ? source : Tensors.to(source, device, type);
      if (!located.tensor().isRowMajor()) {
        result = result.contiguous();
      } else if (plain && !aligned) {
        result = source.clone();
      }
      result.retainReference();
      return result;
    }
  }

  /** The tensor over the file's own bytes. */
  private static Tensor view(Located located) {
    StoredTensor tensor = located.tensor();
    TensorOptions options = Tensors.options(tensor.dtype().scalarType(), Device.CPU);
    if (tensor.elements() == 0) {
      return torch.zeros(tensor.shape(), options);
    }
    BytePointer address = located.file().address(tensor);
    return torch.from_blob(address, tensor.shape(), tensor.strides(), options);
  }

  /** Frees every tensor and closes every file. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    closeActions.forEach(Runnable::run);
    closeActions.clear();
    new ArrayList<>(made.values()).forEach(Tensor::close);
    made.clear();
    files.forEach(WeightFile::close);
  }
}
