package dev.sluice.models;

/** What a model can do with a picture. */
public enum Capability {
  /** Describes it in words. */
  CAPTION,
  /** Answers a question about it. */
  ANSWER,
  /** Scores given labels in one pass. */
  SCORE
}
