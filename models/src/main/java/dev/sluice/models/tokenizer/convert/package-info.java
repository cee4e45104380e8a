/**
 * The files that model folders had before {@code tokenizer.json}, put into its words: WordPiece
 * vocabularies, byte-pair merges, SentencePiece models and tiktoken ranks.
 *
 * <p>The rules are those of transformers (the {@code tokenization_*.py} of 5.18 and {@code
 * convert_slow_tokenizer.py}); what they do not cover is refused with the command that converts it.
 */
@NullMarked
package dev.sluice.models.tokenizer.convert;

import org.jspecify.annotations.NullMarked;
