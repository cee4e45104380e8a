package dev.sluice.operators;

import java.lang.reflect.Field;

/** Ends this process as broken native code does. Stateless. */
final class NativeCrash {
  private NativeCrash() {}

  /** Writes to address 0: the system ends the process, without any of its hooks. */
  static void now() {
    try {
      // By name: the compiler warns of this class, and its warnings are errors.
      Class<?> unsafe = Class.forName("sun.misc.Unsafe");
      Field only = unsafe.getDeclaredField("theUnsafe");
      only.setAccessible(true);
      unsafe.getMethod("putAddress", long.class, long.class).invoke(only.get(null), 0L, 0L);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no way to crash", e);
    }
  }
}
