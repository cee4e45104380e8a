package dev.sluice.operators.device;

import dev.sluice.operators.ModelRef;
import dev.sluice.operators.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One user's hold on the models of a workload. Thread-safe once it is made. */
public final class ModelTeam implements AutoCloseable {
  private final Workload workload;

  /** In the order of the workload's shares. */
  private final List<ModelHandle> handles;

  private ModelTeam(Workload workload, List<ModelHandle> handles) {
    this.workload = workload;
    this.handles = handles;
  }

  /**
   * Becomes a user of all models and waits until they are loaded.
   *
   * @throws IOException if one cannot be loaded, with the reason
   */
  public static ModelTeam acquire(DeviceRuntime runtime, Workload workload)
      throws IOException, InterruptedException {
    List<ModelHandle> handles = new ArrayList<>();
    try {
      for (Workload.Share share : workload.shares()) {
        handles.add(runtime.acquire(share.model()));
      }
    } catch (Throwable e) {
      handles.forEach(ModelHandle::close);
      throw e;
    }
    return new ModelTeam(workload, List.copyOf(handles));
  }

  /** The model that reads the picture. */
  public ModelHandle first() {
    return handles.get(0);
  }

  /**
   * @param model one of the workload
   */
  public ModelHandle of(ModelRef model) {
    for (int i = 0; i < handles.size(); i++) {
      if (workload.shares().get(i).model().equals(model)) {
        return handles.get(i);
      }
    }
    throw new IllegalArgumentException("model " + model + ": not one of " + workload);
  }

  /** What one picture needs at the most, in bytes. */
  public long pictureBytes() {
    long bytes = 0;
    for (int i = 0; i < handles.size(); i++) {
      bytes += workload.shares().get(i).bytes(handles.get(i).costs());
    }
    return bytes;
  }

  @Override
  public void close() {
    handles.forEach(ModelHandle::close);
  }
}
