package dev.sluice.models.tokenizer;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Pictures in the text of Qwen's first tokenizer: {@code <img>path</img>} stands for a start token,
 * the path's UTF-8 bytes (the id is the byte), pads up to the span's length and an end token. The
 * path is a name only; nothing is opened. Immutable.
 *
 * <p>{@code QWenTokenizer.tokenize} in {@code tokenization_qwen.py} of Yuliang-Liu/Monkey at
 * 498e1d9.
 *
 * @param start the id before a path; the next two are the one behind the span and the pad
 * @param length ids between start and end: 1280 of the published Monkey, 256 of Qwen-VL
 */
public record ImageSpans(int start, int length) {
  private static final String OPEN = "<img>";
  private static final String CLOSE = "</img>";
  private static final int BYTE = 0xff;

  /** The id behind a span. */
  public int end() {
    return start + 1;
  }

  /** Fills what a path leaves of its span. */
  public int pad() {
    return start + 2;
  }

  /**
   * The ids of a text.
   *
   * @param words gives the ids of the text between pictures
   * @throws IllegalArgumentException if a picture is not closed or its path is too long
   */
  public List<Integer> encode(String text, Function<String, List<Integer>> words) {
    String normal = Normalizer.normalize(text, Normalizer.Form.NFC);
    List<Integer> ids = new ArrayList<>();
    int done = 0;
    for (int open = normal.indexOf(OPEN); open >= 0; open = normal.indexOf(OPEN, done)) {
      int close = normal.indexOf(CLOSE, open);
      if (close < 0) {
        throw new IllegalArgumentException(
            "prompt: expected %s behind every %s, found a picture that is not closed"
                .formatted(CLOSE, OPEN));
      }
      ids.addAll(words.apply(normal.substring(done, open)));
      ids.addAll(span(normal.substring(open + OPEN.length(), close)));
      done = close + CLOSE.length();
    }
    ids.addAll(words.apply(normal.substring(done)));
    return ids;
  }

  /**
   * The ids of one picture, start and end included.
   *
   * @param path empty where the picture has no name
   * @throws IllegalArgumentException if the path has more bytes than the span has ids
   */
  public List<Integer> span(String path) {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > length) {
      throw new IllegalArgumentException(
          "prompt: expected a picture's path of at most %d bytes, found %d"
              .formatted(length, bytes.length));
    }
    List<Integer> ids = new ArrayList<>(length + 2);
    ids.add(start);
    for (byte value : bytes) {
      ids.add(value & BYTE);
    }
    ids.addAll(Collections.nCopies(length - bytes.length, pad()));
    ids.add(end());
    return ids;
  }
}
