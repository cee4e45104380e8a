package dev.sluice.models.tensor;

import java.util.Iterator;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/**
 * Closes every native object made on this thread between its opening and its close, except what is
 * kept. Belongs to the thread that opened it; scopes nest.
 *
 * <p>The garbage collector sees a tensor as a few bytes, so whatever nobody closes stays until a
 * collection that has no reason to come. A scope at the border of a step (one encode, one forward
 * pass) is cheap and catches all; a scope per operation is not cheap.
 *
 * <pre>{@code
 * try (var scope = new TensorScope()) {
 *   Tensor hidden = layer.forward(x);
 *   return scope.keep(hidden);        // the caller closes it
 * }
 * }</pre>
 */
public final class TensorScope implements AutoCloseable {
  private final PointerScope scope = new PointerScope();

  /**
   * Lets a tensor outlive this scope and every enclosing one: the caller closes it.
   *
   * @return the same tensor
   */
  public Tensor keep(Tensor tensor) {
    tensor.retainReference();
    return tensor;
  }

  /**
   * Hands a tensor to the enclosing scope, which closes it; without one this is {@link #keep}.
   *
   * @return the same tensor
   */
  public Tensor pass(Tensor tensor) {
    Iterator<PointerScope> scopes = PointerScope.getScopeIterator();
    if (scopes != null) {
      boolean inside = false;
      while (scopes.hasNext()) {
        PointerScope candidate = scopes.next();
        if (inside) {
          candidate.attach(tensor);
          return tensor;
        }
        inside = candidate == scope;
      }
    }
    return keep(tensor);
  }

  /** Native objects alive in this process; equal before and after a step that leaks nothing. */
  public static long liveObjects() {
    return Pointer.totalCount();
  }

  @Override
  public void close() {
    scope.close();
  }
}
