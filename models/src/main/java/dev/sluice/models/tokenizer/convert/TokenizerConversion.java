package dev.sluice.models.tokenizer.convert;

import dev.sluice.models.tokenizer.TokenizerException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes a {@code tokenizer.json} in memory from the files that older folders have. */
public final class TokenizerConversion {
  /** By file name, in the order of looking. */
  private static final Map<String, Conversion> CONVERSIONS = new LinkedHashMap<>();

  static {
    CONVERSIONS.put("vocab.txt", new BertConversion());
    CONVERSIONS.put("vocab.json", new BytePairConversion());
    CONVERSIONS.put("tokenizer.model", new SentencePieceConversion());
    CONVERSIONS.put("spiece.model", new SentencePieceConversion());
    CONVERSIONS.put("qwen.tiktoken", new TiktokenConversion());
  }

  private TokenizerConversion() {}

  /**
   * The bytes of a {@code tokenizer.json} that does what the folder's own files say; empty where it
   * has no vocabulary of a known name.
   *
   * @throws TokenizerException if the files are broken, too large, or follow rules of their own
   */
  public static Optional<byte[]> convert(Path folder) {
    return CONVERSIONS.entrySet().stream()
        .flatMap(
            entry ->
                TokenizerFiles.find(folder, entry.getKey()).stream()
                    .map(file -> convert(file, entry.getValue(), folder)))
        .findFirst();
  }

  private static byte[] convert(Path file, Conversion conversion, Path folder) {
    try {
      TokenizerSettings settings = TokenizerSettings.read(folder);
      String className = settings.className();
      if (!className.isEmpty() && !conversion.classes().contains(className)) {
        throw new TokenizerException(
            "tokenizer class %.60s: expected one of %s for %s"
                .formatted(className, conversion.classes(), file.getFileName()));
      }
      return conversion.convert(file, settings).write(settings.declared());
    } catch (TokenizerException e) {
      throw new TokenizerException(e.getMessage() + remedy(folder), e);
    }
  }

  /** How transformers itself writes the missing file. */
  public static String remedy(Path folder) {
    return "; tokenizer.json is written once by: python -c \"from transformers import AutoTokenizer;"
        + " t = '%s'; AutoTokenizer.from_pretrained(t).save_pretrained(t)\"".formatted(folder);
  }
}
