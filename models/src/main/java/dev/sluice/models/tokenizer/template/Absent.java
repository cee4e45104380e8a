package dev.sluice.models.tokenizer.template;

/** Python's {@code None}, and Jinja's value of a name that nothing defines. */
enum Absent {
  NONE,
  UNDEFINED
}
