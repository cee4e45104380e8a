"""Writes expected.json beside the tokenizers: what Python's tokenizers library gives: python3 make_expected.py."""

import json
import pathlib

from tokenizers import Tokenizer

HERE = pathlib.Path(__file__).parent
TEXTS = [
    "a photo of a red mug",
    "USER: what is this? ASSISTANT: two mugs</s>",
    "  several   blanks\nand a line\tand a tab ",
    "price tag 48.21 €",
    "naïve café, 日本語, 👩‍👩‍👧",
    "don't stop-me (now)!",
    "",
]


def expected(name):
    tokenizer = Tokenizer.from_file(str(HERE / f"{name}.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    rows = []
    for text in TEXTS:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        rows.append(
            {
                "text": text,
                "ids": ids,
                "decoded": tokenizer.decode(ids, skip_special_tokens=True),
                "decoded_with_special": tokenizer.decode(ids, skip_special_tokens=False),
            }
        )
    tokens = {t: tokenizer.token_to_id(t) for t in list(sorted(tokenizer.get_vocab(with_added_tokens=True)))[::97]}
    return {"size": max(tokenizer.get_vocab(with_added_tokens=True).values()) + 1, "tokens": tokens, "rows": rows}


result = {name: expected(name) for name in ["clip", "llava", "siglip"]}
(HERE / "expected.json").write_text(json.dumps(result, indent=1))
