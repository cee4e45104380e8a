package dev.sluice.models.generation;

import dev.sluice.models.value.GeneratedText.FinishReason;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One text in the making: its prompt, the tokens so far, and where its keys and values lie. Owned
 * by the device thread.
 */
public final class Sequence {
  private static final int[] NO_BLOCKS = {};

  private final PromptLayout prompt;
  private final VisualTokens tokens;
  private final GenerationOptions options;
  private final Sampler sampler;
  private final List<Integer> generated = new ArrayList<>();
  private int[] blocks = NO_BLOCKS;
  private int cached;
  private double logprobSum;
  private int sampledCount;
  private OptionalInt endToken = OptionalInt.empty();
  private Optional<FinishReason> finishReason = Optional.empty();

  /**
   * @throws IllegalArgumentException if the prompt asks for more visual tokens than there are
   */
  public Sequence(PromptLayout prompt, VisualTokens tokens, GenerationOptions options) {
    if (prompt.visualCount() > tokens.rows()) {
      throw new IllegalArgumentException(
          "prompt: %d visual positions, but the picture has %d visual tokens"
              .formatted(prompt.visualCount(), tokens.rows()));
    }
    this.prompt = prompt;
    this.tokens = tokens;
    this.options = options;
    this.sampler = new Sampler(options);
  }

  public PromptLayout prompt() {
    return prompt;
  }

  public VisualTokens tokens() {
    return tokens;
  }

  public GenerationOptions options() {
    return options;
  }

  /** Chooses this sequence's tokens where they are not simply the likeliest. */
  public Sampler sampler() {
    return sampler;
  }

  /** The most positions that are ever cached: the last generated token is not fed again. */
  public int worstCaseLength() {
    return prompt.length() + options.maxNewTokens() - 1;
  }

  /** Positions so far: the prompt and the generated tokens. */
  public int length() {
    return prompt.length() + generated.size();
  }

  /** Positions whose keys and values are cached. */
  public int cached() {
    return cached;
  }

  /** Positions that the next step may run. */
  public int pending() {
    return length() - cached;
  }

  /** The prompt is cached; every further step adds one token. */
  public boolean isDecoding() {
    return !generated.isEmpty();
  }

  /** The id at a position, {@link PromptLayout#VISUAL} for a visual token. */
  public int tokenAt(int position) {
    return position < prompt.length()
        ? prompt.at(position)
        : generated.get(position - prompt.length());
  }

  /** Generated ids without the end token; a live view. */
  public List<Integer> generated() {
    return generated;
  }

  /** Why it ended, empty while it goes on. */
  public Optional<FinishReason> finishReason() {
    return finishReason;
  }

  /** The end token that was generated, empty if none was. */
  public OptionalInt endToken() {
    return endToken;
  }

  /** Mean natural logarithm of the chosen tokens' probabilities, the end token included. */
  public double meanLogprob() {
    return sampledCount == 0 ? 0 : logprobSum / sampledCount;
  }

  /** Blocks of the key-value cache, in the order of positions; shared, not copied. */
  int[] blocks() {
    return blocks;
  }

  void assignBlocks(int[] assigned, int cachedPositions) {
    blocks = assigned;
    cached = cachedPositions;
  }

  int[] takeBlocks() {
    int[] taken = blocks;
    blocks = NO_BLOCKS;
    return taken;
  }

  void advance(int positions) {
    cached += positions;
  }

  void append(SampledToken token, boolean isEnd) {
    logprobSum += token.logprob();
    sampledCount++;
    if (isEnd) {
      endToken = OptionalInt.of(token.id());
      finishReason = Optional.of(FinishReason.STOP);
      return;
    }
    generated.add(token.id());
    if (generated.size() >= options.maxNewTokens()) {
      finishReason = Optional.of(FinishReason.LENGTH);
    }
  }
}
