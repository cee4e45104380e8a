package dev.sluice.models.families;

/**
 * What stands around the picture and the user's words.
 *
 * <p>{@code conversation/conversation.py} of Vision-CAIR/MiniGPT-4 at d94738a. The blank at the end
 * belongs to the prompt; the first release (446ede2) had none.
 */
enum MiniGpt4Conversation {
  /** MiniGPT-4 on Vicuna v0. */
  VICUNA_V0("###Human: ", "###Assistant: "),
  /** MiniGPT-4 on Llama 2 Chat; the tokenizer reads a second begin token. */
  LLAMA_2("<s>[INST] ", " [/INST] ");

  /** Begins a turn of Vicuna's. */
  private static final String TURN = "###";

  private static final String ANSWERER = "Assistant:";
  private static final String SYSTEM =
      "Give the following image: <Img>ImageContent</Img>. You will be able to see the image once I"
          + " provide it to you. Please answer my questions.";

  private final String user;
  private final String assistant;

  MiniGpt4Conversation(String user, String assistant) {
    this.user = user;
    this.assistant = assistant;
  }

  /** The text before the picture. */
  String before() {
    return SYSTEM + user + "<Img>";
  }

  /** The text behind the picture. */
  String behind(String words) {
    return "</Img> " + words + assistant;
  }

  /** Whether generated text begins another turn. */
  static boolean isOver(String generated) {
    return generated.contains(TURN);
  }

  /** What a user is shown of a generated text: the model's first turn. */
  static String reply(String generated) {
    int end = generated.indexOf(TURN);
    String turn = end < 0 ? generated : generated.substring(0, end);
    int answerer = turn.lastIndexOf(ANSWERER);
    return (answerer < 0 ? turn : turn.substring(answerer + ANSWERER.length())).strip();
  }
}
