package dev.sluice.models.generation;

import dev.sluice.models.generation.Batch.BlockCopy;
import dev.sluice.models.value.GeneratedText.FinishReason;
import dev.sluice.models.value.GenerationOptions;
import dev.sluice.models.value.VisualTokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One text in the making: its prompt, the tokens so far, and where its keys and values lie. Owned
 * by the device thread.
 */
public final class Sequence {
  private static final int[] NO_BLOCKS = {};

  private final PromptLayout prompt;
  private final VisualTokens tokens;
  private final GenerationOptions options;
  private final List<Integer> generated = new ArrayList<>();
  private int[] blocks = NO_BLOCKS;
  private int[] memoryBlocks = NO_BLOCKS;
  private int cached;
  private double logprobSum;
  private int sampledCount;
  private OptionalInt endToken = OptionalInt.empty();
  private Optional<FinishReason> finishReason = Optional.empty();

  /**
   * @throws IllegalArgumentException if the prompt asks for more visual tokens than there are, or
   *     attends to a picture that has none
   */
  public Sequence(PromptLayout prompt, VisualTokens tokens, GenerationOptions options) {
    if (prompt.visualCount() > tokens.rows()) {
      throw new IllegalArgumentException(
          "prompt: %d visual positions, but the picture has %d visual tokens"
              .formatted(prompt.visualCount(), tokens.rows()));
    }
    if (prompt.isBesidePicture() && tokens.rows() == 0) {
      throw new IllegalArgumentException(
          "prompt beside its picture: expected at least 1 visual token to attend to, found none");
    }
    this.prompt = prompt;
    this.tokens = tokens;
    this.options = options;
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

  /** The most positions that are ever cached: the last generated token is not fed again. */
  public int worstCaseLength() {
    return prompt.length() + options.maxNewTokens() - 1;
  }

  /** Rows that every position attends to besides the text; 0 where the picture is in the prompt. */
  public int memoryRows() {
    return prompt.isBesidePicture() ? tokens.rows() : 0;
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

  /** All but the last generated token is cached; every further step adds one. */
  public boolean isDecoding() {
    return !generated.isEmpty() && pending() == 1;
  }

  /** The id at a position, {@link PromptLayout#VISUAL} for a visual token. */
  public int tokenAt(int position) {
    return position < prompt.length()
        ? prompt.at(position)
        : generated.get(position - prompt.length());
  }

  /** What stands before the next token. */
  TokenHistory history() {
    int[] ids = Arrays.copyOf(prompt.toArray(), length());
    for (int i = prompt.length(); i < ids.length; i++) {
      ids[i] = tokenAt(i);
    }
    return new TokenHistory(ids, prompt.length());
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

  /** Blocks of the memory's keys and values, in the order of its rows; shared, not copied. */
  int[] memoryBlocks() {
    return memoryBlocks;
  }

  /**
   * @param shared blocks that others hold too, the first ones
   */
  void assignBlocks(int[] shared, int[] own) {
    blocks = Arrays.copyOf(shared, shared.length + own.length);
    System.arraycopy(own, 0, blocks, shared.length, own.length);
  }

  /** The first blocks, with one more reference each. */
  int[] shareBlocks(int count, KvBlockPool pool) {
    int[] shared = Arrays.copyOf(blocks, count);
    pool.share(shared);
    return shared;
  }

  /**
   * Goes on with another's text instead of its own, whose full blocks it shares.
   *
   * @return the block that must be copied, where the last one is not full
   */
  Optional<BlockCopy> takeOver(Sequence other, KvBlockPool pool) {
    generated.clear();
    generated.addAll(other.generated);
    logprobSum = other.logprobSum;
    sampledCount = other.sampledCount;
    cached = other.cached;
    int full = cached / pool.blockSize();
    int[] shared = other.shareBlocks(full, pool);
    pool.release(Arrays.copyOf(blocks, full));
    System.arraycopy(shared, 0, blocks, 0, full);
    return cached % pool.blockSize() == 0
        ? Optional.empty()
        : Optional.of(new BlockCopy(other.blocks[full], blocks[full]));
  }

  void assignMemoryBlocks(int[] assigned) {
    memoryBlocks = assigned;
  }

  /** Gives every block up. */
  void releaseBlocks(KvBlockPool pool) {
    pool.release(blocks);
    pool.release(memoryBlocks);
    blocks = NO_BLOCKS;
    memoryBlocks = NO_BLOCKS;
  }

  /** Gives every block up, and what they held; the text stays. */
  void forgetCache(KvBlockPool pool) {
    releaseBlocks(pool);
    cached = 0;
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

  /** Ends without an end token. */
  void stop() {
    finishReason = Optional.of(FinishReason.STOP);
  }

  /** Ends with this text in place of its own. */
  void finishWith(List<SampledToken> text, Set<Integer> endTokens) {
    generated.clear();
    logprobSum = 0;
    sampledCount = 0;
    text.forEach(token -> append(token, endTokens.contains(token.id())));
    if (finishReason.isEmpty()) {
      finishReason = Optional.of(FinishReason.LENGTH);
    }
  }
}
