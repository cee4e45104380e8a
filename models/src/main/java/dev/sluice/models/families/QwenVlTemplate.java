package dev.sluice.models.families;

import dev.sluice.models.weights.WeightsException;

/** What stands around the picture and the user's words. */
enum QwenVlTemplate {
  /**
   * Monkey and Monkey-Chat ({@code inference.py}): a question is answered, words that end with a
   * colon are completed, such as "Generate the detailed caption in English:".
   */
  MONKEY("", "Generate the detailed caption in English:") {
    @Override
    String behind(String words) {
      return " " + words + (words.stripTrailing().endsWith(":") ? " " : " Answer: ");
    }
  },
  /** Qwen-VL, which was not trained to chat. */
  RAW("Picture 1: ", "Generate the caption in English:") {
    @Override
    String behind(String words) {
      return "\n" + words;
    }
  },
  /** Qwen-VL-Chat ({@code qwen_generation_utils.py}, {@code make_context}). */
  CHATML(
      "<|im_start|>system\nYou are a helpful assistant.<|im_end|>\n<|im_start|>user\nPicture 1: ",
      "Describe the image in detail.") {
    @Override
    String behind(String words) {
      return "\n" + words + "<|im_end|>\n<|im_start|>assistant\n";
    }
  };

  private final String before;
  private final String captionPrompt;

  QwenVlTemplate(String before, String captionPrompt) {
    this.before = before;
    this.captionPrompt = captionPrompt;
  }

  /**
   * By {@code chat_format} of a folder's {@code generation_config.json}.
   *
   * @throws WeightsException for a name that is not known
   */
  static QwenVlTemplate of(String chatFormat) {
    return switch (chatFormat) {
      case "raw" -> RAW;
      case "chatml" -> CHATML;
      default ->
          throw new WeightsException(
              "generation_config.json: 'chat_format': expected raw or chatml, found '%s'"
                  .formatted(chatFormat));
    };
  }

  /** Words that ask for a caption. */
  String captionPrompt() {
    return captionPrompt;
  }

  /** The text before the picture. */
  String before() {
    return before;
  }

  /** The text behind the picture. */
  abstract String behind(String words);
}
