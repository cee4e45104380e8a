package dev.sluice.models.families;

import dev.sluice.models.families.parts.SplicedText;
import dev.sluice.models.families.parts.TextCodec;
import dev.sluice.models.families.parts.TracedPrompts;
import dev.sluice.models.generation.PromptLayout;
import dev.sluice.models.value.Prompt;
import dev.sluice.models.value.SlicePlan;
import dev.sluice.models.value.TracePrompt;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;

/**
 * MiniGPT-4's prompts: one turn of a chat with a picture in it. Owned by the device thread.
 *
 * <p>{@code minigpt_base.py} of Vision-CAIR/MiniGPT-4 at d94738a: the texts before and behind the
 * picture are tokenised apart.
 */
final class MiniGpt4Prompts implements TracedPrompts {
  private static final Pattern PICTURE = Pattern.compile("<image>|<ImageHere>");

  /** Most tokens that the mark of a turn is cut into. */
  private static final int TURN_TOKENS = 3;

  private final MiniGpt4Conversation conversation;
  private final TextCodec codec;
  private final SplicedText spliced;
  private final List<Integer> picture;

  MiniGpt4Prompts(MiniGpt4Config config, TextCodec codec) {
    this.conversation = config.conversation();
    this.codec = codec;
    this.spliced = new SplicedText(codec, config.beginToken());
    this.picture = Collections.nCopies(config.visualTokens(), PromptLayout.VISUAL);
  }

  @Override
  public PromptLayout layout(SlicePlan plan, Prompt prompt) {
    return layout(plan, ids(prompt));
  }

  @Override
  public List<Integer> ids(TracePrompt prompt) {
    if (prompt instanceof TracePrompt.Templated templated) {
      return ids(templated.prompt());
    }
    if (prompt instanceof TracePrompt.Ids given) {
      return given.ids();
    }
    return spliced.ids(PICTURE.split(((TracePrompt.Raw) prompt).text(), -1));
  }

  private List<Integer> ids(Prompt prompt) {
    return spliced.ids(conversation.before(), conversation.behind(prompt.text()));
  }

  @Override
  public PromptLayout layout(SlicePlan plan, List<Integer> ids) {
    return spliced.layout(ids, picture);
  }

  @Override
  public List<Integer> answer(String text) {
    return codec.encode(text);
  }

  /** The mark of a turn is one token or several, by what stands before it. */
  @Override
  public boolean isOver(List<Integer> generated) {
    int from = Math.max(0, generated.size() - TURN_TOKENS);
    return MiniGpt4Conversation.isOver(codec.decode(generated.subList(from, generated.size())));
  }

  @Override
  public String text(List<Integer> ids) {
    return MiniGpt4Conversation.reply(codec.decode(ids));
  }
}
