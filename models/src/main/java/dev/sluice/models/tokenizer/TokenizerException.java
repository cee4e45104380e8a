package dev.sluice.models.tokenizer;

/** A tokenizer that cannot be loaded or used, with the file and the remedy. */
public final class TokenizerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TokenizerException(String message) {
    super(message);
  }

  public TokenizerException(String message, Throwable cause) {
    super(message, cause);
  }
}
