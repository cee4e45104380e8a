package dev.sluice.models.tokenizer.convert;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.sluice.models.tokenizer.TokenizerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

/**
 * A {@code tokenizer.json} in parts. Immutable.
 *
 * @param tokens what is added to the model's vocabulary, in this order
 * @param frame what stands around a text
 */
record TokenizerJson(
    SubwordModel model, Pipeline pipeline, Map<String, AddedToken> tokens, Frame frame) {

  /**
   * What is done to the text before the model and to the tokens after it, as JSON; {@code null} for
   * nothing.
   */
  record Pipeline(String normalizer, String preTokenizer, String decoder) {}

  /** The special tokens that a whole text begins and ends with. */
  record Frame(List<String> begin, List<String> end) {
    static final Frame NONE = new Frame(List.of(), List.of());

    boolean isEmpty() {
      return begin.isEmpty() && end.isEmpty();
    }
  }

  /**
   * The file's bytes.
   *
   * @param declared the ids that the folder gives its added tokens
   * @throws TokenizerException if the ids of the added tokens leave gaps, or a token that the model
   *     needs is not there
   */
  byte[] write(SortedMap<Integer, AddedToken> declared) {
    Map<String, Integer> added = number(declared);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = TokenizerFiles.JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("version", "1.0");
      json.writeArrayFieldStart("added_tokens");
      for (AddedToken token : tokens.values()) {
        write(json, token, Objects.requireNonNull(added.get(token.content())));
      }
      json.writeEndArray();
      json.writeFieldName("normalizer");
      json.writeRawValue(pipeline.normalizer());
      json.writeFieldName("pre_tokenizer");
      json.writeRawValue(pipeline.preTokenizer());
      json.writeFieldName("post_processor");
      writeFrame(json, added);
      json.writeFieldName("decoder");
      json.writeRawValue(pipeline.decoder());
      json.writeFieldName("model");
      model.write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The library numbers added tokens itself, behind the vocabulary and without gaps. */
  private Map<String, Integer> number(SortedMap<Integer, AddedToken> declared) {
    Map<String, Integer> expected = new HashMap<>();
    declared.forEach((id, token) -> expected.put(token.content(), id));
    Map<String, Integer> numbered = new LinkedHashMap<>();
    int next = model.ids().size();
    for (String token : tokens.keySet()) {
      Integer known = model.ids().get(token);
      int id = known == null ? next++ : known;
      if (expected.getOrDefault(token, id) != id) {
        throw new TokenizerException(
            "added token '%.40s': expected id %d behind the vocabulary, found %d"
                .formatted(token, id, expected.get(token)));
      }
      numbered.put(token, id);
    }
    requireKnown(model.unknown(), numbered);
    return numbered;
  }

  private void requireKnown(String token, Map<String, Integer> added) {
    if (!token.isEmpty() && !model.ids().containsKey(token) && !added.containsKey(token)) {
      throw new TokenizerException(
          "special token '%.40s': expected it in the vocabulary, found none".formatted(token));
    }
  }

  private static void write(JsonGenerator json, AddedToken token, int id) throws IOException {
    json.writeStartObject();
    json.writeNumberField("id", id);
    json.writeStringField("content", token.content());
    json.writeBooleanField("single_word", token.singleWord());
    json.writeBooleanField("lstrip", token.leftStrip());
    json.writeBooleanField("rstrip", token.rightStrip());
    json.writeBooleanField("normalized", token.normalized());
    json.writeBooleanField("special", token.special());
    json.writeEndObject();
  }

  private void writeFrame(JsonGenerator json, Map<String, Integer> added) throws IOException {
    if (frame.isEmpty()) {
      json.writeNull();
      return;
    }
    json.writeStartObject();
    json.writeStringField("type", "TemplateProcessing");
    json.writeArrayFieldStart("single");
    writeFramed(json, "A");
    json.writeEndArray();
    json.writeArrayFieldStart("pair");
    writeFramed(json, "A");
    writeFramed(json, "B");
    json.writeEndArray();
    json.writeObjectFieldStart("special_tokens");
    for (String token : frame.begin()) {
      writeSpecial(json, token, added);
    }
    for (String token : frame.end()) {
      writeSpecial(json, token, added);
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void writeFramed(JsonGenerator json, String sequence) throws IOException {
    for (String token : frame.begin()) {
      writeStep(json, "SpecialToken", token);
    }
    writeStep(json, "Sequence", sequence);
    for (String token : frame.end()) {
      writeStep(json, "SpecialToken", token);
    }
  }

  private static void writeStep(JsonGenerator json, String kind, String id) throws IOException {
    json.writePOJO(Map.of(kind, Map.of("id", id, "type_id", 0)));
  }

  private void writeSpecial(JsonGenerator json, String token, Map<String, Integer> added)
      throws IOException {
    requireKnown(token, added);
    int id = added.getOrDefault(token, model.ids().getOrDefault(token, 0));
    json.writePOJOField(token, Map.of("id", token, "ids", List.of(id), "tokens", List.of(token)));
  }
}
