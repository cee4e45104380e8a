package dev.sluice.models.tokenizer.convert;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Merges of neighbouring tokens, the first in the list first. Immutable. */
record BytePair(Map<String, Integer> ids, List<Merge> merges, Rules rules) implements SubwordModel {

  /**
   * @param unknown empty where every text can be written in the vocabulary
   * @param fuseUnknown writes a run of what is unknown as one token
   * @param byteFallback writes what is unknown as {@code <0x0A>} tokens
   * @param wordEnd what the last token of a word ends with; empty for none
   * @param wholeWords takes a word that is in the vocabulary before it merges
   */
  record Rules(
      String unknown,
      boolean fuseUnknown,
      boolean byteFallback,
      String wordEnd,
      boolean wholeWords) {

    /** An alphabet of bytes, where nothing is unknown. */
    static final Rules BYTES = new Rules("", false, false, "", false);

    static final Rules TIKTOKEN = new Rules("", false, false, "", true);

    static Rules clip(String unknown) {
      return new Rules(unknown, false, false, "</w>", false);
    }

    static Rules sentencePiece(String unknown, boolean byteFallback) {
      return new Rules(unknown, true, byteFallback, "", false);
    }
  }

  @Override
  public String unknown() {
    return rules.unknown();
  }

  @Override
  public void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("type", "BPE");
    if (!rules.unknown().isEmpty()) {
      json.writeStringField("unk_token", rules.unknown());
    }
    if (!rules.wordEnd().isEmpty()) {
      json.writeStringField("end_of_word_suffix", rules.wordEnd());
    }
    json.writeBooleanField("fuse_unk", rules.fuseUnknown());
    json.writeBooleanField("byte_fallback", rules.byteFallback());
    json.writeBooleanField("ignore_merges", rules.wholeWords());
    json.writePOJOField("vocab", ids);
    json.writeArrayFieldStart("merges");
    for (Merge merge : merges) {
      json.writeStartArray();
      json.writeString(merge.left());
      json.writeString(merge.right());
      json.writeEndArray();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
