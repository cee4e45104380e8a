package dev.sluice.models.tokenizer.convert;

import dev.sluice.models.tokenizer.TokenizerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A SentencePiece model: its pieces and how text is normalised before. Immutable.
 *
 * <p>{@code sentencepiece_model.proto} of google/sentencepiece; the numbers are its field numbers.
 *
 * @param unknownId the piece that stands for what is in no other
 */
record SentencePieceModel(
    List<Piece> pieces,
    Algorithm algorithm,
    int unknownId,
    boolean byteFallback,
    Normalization normalization) {

  /** How the pieces were found; only the first two can be put into other words. */
  enum Algorithm {
    UNIGRAM,
    BYTE_PAIR,
    WORD,
    CHARACTER
  }

  /** What a piece is. */
  enum Kind {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /**
   * @param score log probability (unigram), or minus the rank (byte pair)
   */
  record Piece(String text, float score, Kind kind) {}

  /**
   * @param characterMap rules in SentencePiece's compiled form, in base64; empty for none
   * @param dummyPrefix puts a blank before the text
   * @param removeExtraBlanks strips the text and joins blanks
   * @param escapeBlanks writes blanks as {@code ▁}
   */
  record Normalization(
      String characterMap, boolean dummyPrefix, boolean removeExtraBlanks, boolean escapeBlanks) {}

  /** Longer than any published piece; bounds the search for merges. */
  static final int MAX_PIECE_BYTES = 512;

  SentencePieceModel {
    pieces = List.copyOf(pieces);
  }

  /** The pieces' places by their texts. */
  Map<String, Integer> ids() {
    Map<String, Integer> ids = new LinkedHashMap<>();
    pieces.forEach(piece -> ids.put(piece.text(), ids.size()));
    return ids;
  }

  /**
   * Adds the control pieces, which are special, and those that the model's maker defined.
   *
   * @param tokens win over pieces of the same text
   */
  Map<String, AddedToken> withAddedPieces(Map<String, AddedToken> tokens) {
    Map<String, AddedToken> all = new LinkedHashMap<>();
    for (Piece piece : pieces) {
      if (piece.kind() == Kind.CONTROL || piece.kind() == Kind.USER_DEFINED) {
        boolean special = piece.kind() == Kind.CONTROL;
        all.put(piece.text(), new AddedToken(piece.text(), special, false, false, false, false));
      }
    }
    all.putAll(tokens);
    return all;
  }

  /**
   * @throws TokenizerException if it is not a SentencePiece model, or too large for one
   */
  static SentencePieceModel read(Path file) {
    return new Reader(file.toString()).read(ByteBuffer.wrap(TokenizerFiles.read(file)));
  }

  private static final class Reader {
    private final String file;
    private final List<Piece> pieces = new ArrayList<>();
    private final Set<String> texts = new HashSet<>();
    private int algorithm = 1;
    private int unknownId;
    private boolean byteFallback;
    private Normalization normalization = new Normalization("", true, true, true);

    Reader(String file) {
      this.file = file;
    }

    SentencePieceModel read(ByteBuffer bytes) {
      ProtoReader model = new ProtoReader(file, bytes);
      while (model.next()) {
        switch (model.field()) {
          case 1 -> addPiece(readPiece(model.readMessage()));
          case 2 -> readTrainer(model.readMessage());
          case 3 -> normalization = readNormalization(model.readMessage());
          default -> model.skip();
        }
      }
      if (unknownId < 0 || unknownId >= pieces.size()) {
        throw new TokenizerException(
            "tokenizer %s: expected an unknown piece among %d pieces, found id %d"
                .formatted(file, pieces.size(), unknownId));
      }
      return new SentencePieceModel(
          pieces, choice(Algorithm.values(), algorithm), unknownId, byteFallback, normalization);
    }

    private void addPiece(Piece piece) {
      if (!texts.add(piece.text())) {
        throw new TokenizerException(
            "tokenizer %s: expected each piece once, found '%.40s' twice"
                .formatted(file, piece.text()));
      }
      if (pieces.size() == SubwordModel.MAX_TOKENS) {
        throw new TokenizerException(
            "tokenizer %s: expected at most %d pieces".formatted(file, SubwordModel.MAX_TOKENS));
      }
      pieces.add(piece);
    }

    private Piece readPiece(ProtoReader message) {
      String text = "";
      float score = 0;
      int kind = 1;
      while (message.next()) {
        switch (message.field()) {
          case 1 -> text = text(message.readBytes());
          case 2 -> score = message.readFloat();
          case 3 -> kind = message.readInt();
          default -> message.skip();
        }
      }
      if (!Float.isFinite(score)) {
        throw new TokenizerException(
            "tokenizer %s: expected finite scores, found %s".formatted(file, score));
      }
      return new Piece(text, score, choice(Kind.values(), kind));
    }

    private String text(ByteBuffer bytes) {
      if (bytes.remaining() > MAX_PIECE_BYTES) {
        throw new TokenizerException(
            "tokenizer %s: expected pieces of at most %d bytes, found %d"
                .formatted(file, MAX_PIECE_BYTES, bytes.remaining()));
      }
      return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private void readTrainer(ProtoReader message) {
      while (message.next()) {
        switch (message.field()) {
          case 3 -> algorithm = message.readInt();
          case 35 -> byteFallback = message.readBoolean();
          case 40 -> unknownId = message.readInt();
          default -> message.skip();
        }
      }
    }

    private static Normalization readNormalization(ProtoReader message) {
      String characterMap = "";
      boolean dummyPrefix = true;
      boolean removeExtraBlanks = true;
      boolean escapeBlanks = true;
      while (message.next()) {
        switch (message.field()) {
          case 2 -> characterMap = base64(message.readBytes());
          case 3 -> dummyPrefix = message.readBoolean();
          case 4 -> removeExtraBlanks = message.readBoolean();
          case 5 -> escapeBlanks = message.readBoolean();
          default -> message.skip();
        }
      }
      return new Normalization(characterMap, dummyPrefix, removeExtraBlanks, escapeBlanks);
    }

    private static String base64(ByteBuffer bytes) {
      return StandardCharsets.ISO_8859_1.decode(Base64.getEncoder().encode(bytes)).toString();
    }

    /** Both enums are numbered from one. */
    private <E extends Enum<E>> E choice(E[] values, int number) {
      if (number < 1 || number > values.length) {
        throw new TokenizerException(
            "tokenizer %s: expected a kind from 1 to %d, found %d"
                .formatted(file, values.length, number));
      }
      return values[number - 1];
    }
  }
}
