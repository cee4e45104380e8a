/**
 * Chat templates: the part of Jinja that they are written in, interpreted over plain values with a
 * budget of steps and text. A template is a stranger's program: it reaches the given values and
 * nothing else.
 */
@NullMarked
package dev.sluice.models.tokenizer.template;

import org.jspecify.annotations.NullMarked;
