package dev.sluice.models.families;

/** A model folder of a family that the engine does not know, with what was found and is known. */
public final class UnknownFamilyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownFamilyException(String message) {
    super(message);
  }
}
