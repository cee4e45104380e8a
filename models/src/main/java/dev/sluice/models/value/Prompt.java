package dev.sluice.models.value;

/**
 * What the language model is asked, with the name and version that results are explained by.
 * Immutable.
 *
 * @param text the user's words; the family's template goes around them
 */
public record Prompt(String id, String version, String text) {
  /** What a model is asked where nobody says otherwise. */
  public static Prompt modelsOwn(String text) {
    return new Prompt("model", "1", text);
  }

  /** A prompt without a registered name. */
  public static Prompt of(String text) {
    return new Prompt("inline", "0", text);
  }
}
