package dev.sluice.models.value;

/**
 * What the language model is asked, with the name and version that results are explained by.
 * Immutable.
 *
 * @param text the user's words; the family's template goes around them
 */
public record Prompt(String id, String version, String text) {
  /** A prompt without a registered name. */
  public static Prompt of(String text) {
    return new Prompt("inline", "0", text);
  }
}
