package dev.sluice.models.tokenizer.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.models.tokenizer.Tokenizer;
import dev.sluice.models.tokenizer.TokenizerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, and how; that the rest equals transformers is TokenizerTest's. */
class TokenizerConversionTest {
  @TempDir Path folder;

  @Test
  void convert_folderWithoutVocabulary_isEmpty() throws IOException {
    write("tokenizer_config.json", "{}");

    assertThat(TokenizerConversion.convert(folder)).isEmpty();
    assertThat(Tokenizer.find(folder)).isEmpty();
  }

  @Test
  void find_tokenizerJsonBesideOlderFiles_wins() throws IOException {
    write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\nmug\n");
    write("tokenizer.json", "{}");

    assertThatThrownBy(() -> Tokenizer.find(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("with a 'model'");
  }

  @Test
  void convert_unknownClass_saysWhichAreKnownAndHowToConvert() throws IOException {
    write("vocab.txt", "[UNK]\n");
    write("tokenizer_config.json", "{\"tokenizer_class\":\"BertJapaneseTokenizer\"}");

    assertRefused(
        "tokenizer class BertJapaneseTokenizer: expected one of [BertTokenizer] for vocab.txt",
        "AutoTokenizer.from_pretrained(t).save_pretrained(t)");
  }

  @Test
  void convert_unknownTokenNotInTheVocabulary_isRefused() throws IOException {
    write("vocab.json", "{\"a</w>\":0}");
    write("merges.txt", "#version: 0.2\n");
    write("tokenizer_config.json", "{\"unk_token\":null}");

    assertRefused("expected a unk_token");
  }

  @Test
  void convert_addedTokenBehindAGap_isRefused() throws IOException {
    write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\n");
    write("added_tokens.json", "{\"<image>\":7}");

    assertRefused("added token '<image>': expected id 5 behind the vocabulary, found 7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{\"a\":-1}",
        "{\"a\":\"b\"}",
        "{\"a\":1e99}",
        "{\"a\":",
      })
  void convert_brokenVocabularyJson_isRefused(String content) throws IOException {
    write("vocab.json", content);
    write("merges.txt", "");

    assertRefused("vocab.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b c", "ab", " b", "a ", "a\tb"})
  void convert_brokenMerge_isRefused(String line) throws IOException {
    write("vocab.json", "{\"a\":0,\"b\":1,\"ab\":2,\"<|endoftext|>\":3}");
    write("merges.txt", "#version: 0.2\n" + line + "\n");

    assertRefused("expected two tokens and a blank between them", "in merge 1");
  }

  @Test
  void open_mergeOfTokensThatAreNotThere_isRefused() throws IOException {
    write("vocab.json", "{\"a\":0}");
    write("merges.txt", "a b\n");

    assertThatThrownBy(() -> Tokenizer.open(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContaining("not readable as a tokenizer");
  }

  @Test
  void convert_vocabularyWithoutMerges_isRefused() throws IOException {
    write("vocab.json", "{}");

    assertRefused("expected merges.txt beside it, found none");
  }

  @Test
  void convert_hostileAddedTokens_areRefused() throws IOException {
    write("vocab.txt", "[UNK]\n[CLS]\n[SEP]\n[PAD]\n[MASK]\n");
    for (String config :
        new String[] {
          "{\"added_tokens_decoder\":{\"-1\":\"<a>\"}}",
          "{\"added_tokens_decoder\":{\"99999999999\":\"<a>\"}}",
          "{\"added_tokens_decoder\":{\"5\":{}}}",
          "{\"added_tokens_decoder\":{\"5\":7}}",
          "{\"added_tokens_decoder\":{\"5\":\"\"}}",
        }) {
      write("tokenizer_config.json", config);

      assertRefused("expected");
    }
  }

  @Test
  void convert_fileTooLarge_isRefusedBeforeReading() throws IOException {
    Path file = folder.resolve("tokenizer.model");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 32);
    }

    assertRefused("expected at most 67108864 bytes, found 4294967296");
  }

  @Test
  void convert_vocabularyThatIsNotText_isRefused() throws IOException {
    Files.write(folder.resolve("vocab.txt"), new byte[] {(byte) 0xff, (byte) 0xfe});

    assertRefused("expected UTF-8 text");
  }

  @Test
  void convert_tiktokenOutOfOrder_isRefused() throws IOException {
    write("qwen.tiktoken", "IQ== 0\nIg== 2\n");
    assertRefused("expected a new base64 token, a blank and rank 1 on line 2");

    write("qwen.tiktoken", "IQ== 0\nIQ== 1\n");
    assertRefused("expected a new base64 token, a blank and rank 1 on line 2");

    write("qwen.tiktoken", "!!! 0\n");
    assertRefused("expected base64 tokens of 1 to 512 bytes");

    String long513 = Base64.getEncoder().encodeToString(new byte[513]);
    write("qwen.tiktoken", long513 + " 0\n");
    assertRefused("expected base64 tokens of 1 to 512 bytes");
  }

  @Test
  void convert_tokensOfOneLetter_stopAtTheMergeLimit() throws IOException {
    StringBuilder ranks = new StringBuilder();
    int rank = 0;
    for (int length = 1; length <= 512; length++) {
      for (int letter = 'a'; letter <= 'z'; letter++) {
        byte[] token = new byte[length];
        Arrays.fill(token, (byte) letter);
        ranks.append(Base64.getEncoder().encodeToString(token)).append(' ').append(rank++);
        ranks.append('\n');
      }
    }
    write("qwen.tiktoken", ranks.toString());

    assertRefused("expected at most 2097152 merges");
  }

  @Test
  void convert_cutOffSentencePieceModel_isRefused() throws Exception {
    byte[] whole = Files.readAllBytes(resource("llama/tokenizer.model"));
    for (int length = 1; length < whole.length; length += 97) {
      Files.write(folder.resolve("tokenizer.model"), Arrays.copyOf(whole, length));
      try {
        TokenizerConversion.convert(folder);
      } catch (TokenizerException expected) {
        assertThat(expected).hasMessageContaining("tokenizer.model");
      }
    }
  }

  @Test
  void convert_changedSentencePieceModel_endsInASentence() throws Exception {
    byte[] whole = Files.readAllBytes(resource("siglip/spiece.model"));
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      byte[] changed = whole.clone();
      for (int i = 0; i < 5; i++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      Files.write(folder.resolve("spiece.model"), changed);
      try {
        TokenizerConversion.convert(folder);
      } catch (TokenizerException expected) {
        assertThat(expected).hasMessageContaining("tokenizer");
      }
    }
  }

  @Test
  void convert_textAsSentencePieceModel_isRefused() throws IOException {
    write("tokenizer.model", "IQ== 0\nIg== 1\n"); // Llama 3 has ranks under this name

    assertRefused("tokenizer.model: expected");
  }

  @Test
  void convert_sentencePieceOfWords_isRefused() throws IOException {
    write("tokenizer.model", model(3, piece("a", 1)));

    assertRefused("expected a unigram or byte-pair model, found WORD");
  }

  @Test
  void convert_bytePairModelThatNormalises_isRefused() throws IOException {
    write("tokenizer.model", model(2, piece("a", 1)));

    assertRefused(
        "expected a byte-pair model that leaves text as it is, found one that normalises");
  }

  @Test
  void convert_pieceTwice_isRefused() throws IOException {
    write("tokenizer.model", model(1, piece("a", 1), piece("a", 1)));

    assertRefused("expected each piece once, found 'a' twice");
  }

  @Test
  void convert_pieceOfUnknownKind_isRefused() throws IOException {
    write("tokenizer.model", model(1, piece("a", 9)));

    assertRefused("expected a kind from 1 to 6, found 9");
  }

  /** A model of pieces and an algorithm, all else as the format's defaults. */
  private static byte[] model(int algorithm, byte[]... pieces) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] piece : pieces) {
      out.writeBytes(new byte[] {0x0a, (byte) piece.length});
      out.writeBytes(piece);
    }
    out.writeBytes(new byte[] {0x12, 2, 0x18, (byte) algorithm});
    return out.toByteArray();
  }

  private static byte[] piece(String letter, int kind) {
    return new byte[] {0x0a, 1, (byte) letter.charAt(0), 0x18, (byte) kind};
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(() -> TokenizerConversion.convert(folder))
        .isInstanceOf(TokenizerException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining("tokenizer.json is written once by: python");
  }

  private void write(String name, String content) throws IOException {
    write(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, byte[] content) throws IOException {
    Files.write(folder.resolve(name), content);
  }

  private static Path resource(String name) throws Exception {
    return Path.of(TokenizerConversionTest.class.getResource("/tokenizers/" + name).toURI());
  }
}
