package dev.sluice.models.tokenizer.convert;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/** A vocabulary and how words are cut into its tokens. Immutable. */
sealed interface SubwordModel permits WordPiece, BytePair, Unigram {
  /** More than any published vocabulary has. */
  int MAX_TOKENS = 1 << 20;

  /** The tokens by their text; added tokens are numbered behind them. */
  Map<String, Integer> ids();

  /** The token that stands for what cannot be cut; empty where that cannot happen. */
  String unknown();

  /** Writes the {@code model} object of a {@code tokenizer.json}. */
  void write(JsonGenerator json) throws IOException;
}
