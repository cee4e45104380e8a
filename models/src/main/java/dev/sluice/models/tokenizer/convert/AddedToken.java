package dev.sluice.models.tokenizer.convert;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.models.tokenizer.TokenizerException;

/**
 * A token that is found in the text before anything else is done with it. Immutable.
 *
 * @param leftStrip takes the blanks before it along
 * @param rightStrip takes the blanks after it along
 * @param normalized is looked for in the normalised text
 */
record AddedToken(
    String content,
    boolean special,
    boolean singleWord,
    boolean leftStrip,
    boolean rightStrip,
    boolean normalized) {

  AddedToken {
    if (content.isEmpty()) {
      throw new TokenizerException(
          "tokenizer: expected added tokens with a text, found an empty one");
    }
  }

  /** A special token with nothing else said about it. */
  static AddedToken special(String content) {
    return new AddedToken(content, true, false, false, false, false);
  }

  /** A token that decoding does not leave out. */
  static AddedToken ordinary(String content) {
    return new AddedToken(content, false, false, false, false, true);
  }

  /** Reads a token as it stands in the configuration files: a text, or an object. */
  static AddedToken of(JsonNode node, boolean special) {
    if (node.isTextual()) {
      return special ? special(node.textValue()) : ordinary(node.textValue());
    }
    if (!node.path("content").isTextual()) {
      throw new TokenizerException(
          "tokenizer: expected an added token as a text or an object with 'content', found %s"
              .formatted(node.getNodeType()));
    }
    boolean isSpecial = node.path("special").asBoolean(special);
    return new AddedToken(
        node.get("content").textValue(),
        isSpecial,
        node.path("single_word").asBoolean(),
        node.path("lstrip").asBoolean(),
        node.path("rstrip").asBoolean(),
        node.path("normalized").asBoolean(!isSpecial));
  }

  AddedToken asSpecial() {
    return new AddedToken(content, true, singleWord, leftStrip, rightStrip, normalized);
  }

  /** Taking the blanks on both sides along. */
  AddedToken stripping() {
    return new AddedToken(content, special, singleWord, true, true, normalized);
  }
}
