package dev.sluice.models.tokenizer.convert;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.models.tokenizer.convert.SentencePieceModel.Piece;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The likeliest cut by the pieces' scores. Immutable.
 *
 * @param ids the pieces' places by their texts
 */
record Unigram(Map<String, Integer> ids, List<Piece> pieces, int unknownId, boolean byteFallback)
    implements SubwordModel {

  @Override
  public String unknown() {
    return pieces.get(unknownId).text();
  }

  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "Unigram");
    json.writeNumberField("unk_id", unknownId);
    json.writeBooleanField("byte_fallback", byteFallback);
    json.writeArrayFieldStart("vocab");
    for (Piece piece : pieces) {
      json.writeStartArray();
      json.writeString(piece.text());
      json.writeNumber(piece.score());
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
