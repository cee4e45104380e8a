package dev.sluice.models.tokenizer.convert;

/** Two neighbouring tokens that byte-pair encoding joins; earlier merges go first. */
record Merge(String left, String right) {}
