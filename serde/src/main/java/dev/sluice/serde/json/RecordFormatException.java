package dev.sluice.serde.json;

/**
 * A record that does not keep to its contract; says where and what was expected, never the payload.
 */
public final class RecordFormatException extends Exception {
  private static final long serialVersionUID = 1L;

  public RecordFormatException(String message) {
    super(message);
  }
}
