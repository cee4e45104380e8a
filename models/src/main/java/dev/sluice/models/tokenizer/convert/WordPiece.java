package dev.sluice.models.tokenizer.convert;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Map;

/** Longest match first, continuations marked {@code ##}. Immutable. */
record WordPiece(Map<String, Integer> ids, String unknown) implements SubwordModel {
  private static final int MAX_WORD_CHARACTERS = 100;

  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "WordPiece");
    json.writeStringField("unk_token", unknown);
    json.writeStringField("continuing_subword_prefix", "##");
    json.writeNumberField("max_input_chars_per_word", MAX_WORD_CHARACTERS);
    json.writePOJOField("vocab", ids);
    json.writeEndObject();
  }
}
