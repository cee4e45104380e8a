"""Makes the folders and expected.json beside it from transformers' own tokenizers.

python3 make_expected.py GOLDENS QWEN_TIKTOKEN

GOLDENS holds the family folders with tokenizer.json; the folders made here have the same vocabularies in the
files of older publications, without tokenizer.json.
"""

import base64
import json
import pathlib
import shutil
import struct
import sys
import unicodedata

import regex
from tokenizers import Tokenizer
from transformers import BertTokenizer, CLIPTokenizer, GPT2Tokenizer, Qwen2Tokenizer, T5Tokenizer
from transformers.tokenization_utils_base import generate_merges

HERE = pathlib.Path(__file__).parent
GOLDENS = pathlib.Path(sys.argv[1])
RANKS = 1500
TEXTS = [
    "a photo of a red mug",
    "A Photo OF a Red MUG",
    "USER: what is this? ASSISTANT: two mugs</s>",
    "  several   blanks\nand a line\tand a tab \r\n\n end  ",
    "price tag 48.21 €, 12345 or 3/4 (x²)",
    "naïve café, cafe\u0301, 日本語の文, 你好，世界, 👩‍👩‍👧 🐒",
    "العربية हिन्दी Ελληνικά ﬁne Ａ①",
    "don't stop-me (now)! it's they'll I'D ' n't",
    "def f(x):\n    return x**2  # ok",
    "<s>hi</s> there<image>\nwhat? <pad> <unk>",
    "[CLS] a mug [SEP] on [MASK] a table[PAD] [UNK] [DEC]",
    "<|startoftext|>a photo<|endoftext|> x <|ENDOFTEXT|>",
    "<|im_start|>user\nhello<|im_end|>\n<|vision_start|><|image_pad|><|vision_end|>",
    "<img></img> <ref>cat</ref><box>(1,2),(3,4)</box>",
    "▁underline and <0x0A> <extra_id_0> <extra_id_99>",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "zero\u0000byte \u200bjoin\u00a0blank",
    "a",
    " ",
    "",
]


def rows(encode, decode):
    result = []
    for text in TEXTS:
        ids = encode(text, False)
        result.append(
            {
                "text": text,
                "ids": ids,
                "ids_with_special": encode(text, True),
                "decoded": decode(ids, True),
                "decoded_with_special": decode(ids, False),
            }
        )
    return result


def of_transformers(tokenizer):
    return {
        "rows": rows(
            lambda text, special: tokenizer.encode(text, add_special_tokens=special),
            lambda ids, skip: tokenizer.decode(ids, skip_special_tokens=skip),
        )
    }


def of_library(tokenizer, finish=lambda text: text):
    tokenizer.no_padding()
    tokenizer.no_truncation()
    vocabulary = tokenizer.get_vocab(with_added_tokens=True)
    return {
        "size": max(vocabulary.values()) + 1,
        "tokens": {t: vocabulary[t] for t in sorted(vocabulary)[::97]},
        "rows": rows(
            lambda text, special: tokenizer.encode(text, add_special_tokens=special).ids,
            lambda ids, skip: finish(tokenizer.decode(ids, skip_special_tokens=skip)),
        ),
    }


def golden(family):
    return json.loads((GOLDENS / family / "ckpt/tokenizer.json").read_text())


def config(family):
    return json.loads((GOLDENS / family / "ckpt/tokenizer_config.json").read_text())


def folder(name, **files):
    path = HERE / name
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    for file, content in files.items():
        file = file.replace("__", ".")
        if isinstance(content, bytes):
            (path / file).write_bytes(content)
        else:
            (path / file).write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def merges_text(merges):
    return "#version: 0.2\n" + "".join(" ".join(m) + "\n" for m in merges)


def in_order(vocabulary):
    return sorted(vocabulary, key=vocabulary.get)


# -- protocol buffers, as sentencepiece_model.proto has them


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(out + bytes([value]))


def field(number, kind, payload):
    return varint(number << 3 | kind) + payload


def text_field(number, value):
    return field(number, 2, varint(len(value)) + value)


def number_field(number, value):
    return field(number, 0, varint(value))


def sentencepiece(pieces, algorithm, unknown, byte_fallback, charsmap=b"", remove_extra=False):
    out = b""
    for text, score, kind in pieces:
        piece = text_field(1, text.encode()) + field(2, 5, struct.pack("<f", score)) + number_field(3, kind)
        out += text_field(1, piece)
    trainer = number_field(3, algorithm) + number_field(35, int(byte_fallback)) + number_field(40, unknown)
    normalizer = text_field(1, b"test") + text_field(2, charsmap) + number_field(4, int(remove_extra))
    return out + text_field(2, trainer) + text_field(3, normalizer)


def character_map(rules):
    """SentencePiece's precompiled rules: a double array over the keys' bytes, and the texts they point into."""
    texts, trie = b"", {}
    for key, value in rules.items():
        node = trie
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node["value"] = len(texts)
        texts += value.encode() + b"\0"
    units, used = {0: 0}, {0}

    def place(node, at):
        children = [c for c in node if c != "value"] + ([0] if "value" in node else [])
        base = next(b for b in range(1, 1 << 20) if all((b ^ c) not in used for c in children))
        used.update(base ^ c for c in children)
        units[at] |= (at ^ base) << 10 | ((1 << 8) if "value" in node else 0)
        if "value" in node:
            units[base] = node["value"] | 1 << 31
        for byte in [c for c in children if c != 0]:
            units[base ^ byte] = byte
        for byte in [c for c in children if c != 0]:
            place(node[byte], base ^ byte)

    place(trie, 0)
    array = [units.get(i, 0) for i in range((max(units) | 255) + 1)]
    packed = struct.pack(f"<{len(array)}I", *array)
    return struct.pack("<I", len(packed)) + packed + texts


# -- the folders


def bert():
    vocabulary = in_order(golden("blip_caption")["model"]["vocab"])
    return folder("bert", vocab__txt="\n".join(vocabulary) + "\n", tokenizer_config__json={"do_lower_case": True})


def bert_cased():
    vocabulary = in_order(golden("blip_caption")["model"]["vocab"])
    return folder(
        "bert-cased",
        vocab__txt="\n".join(vocabulary),
        tokenizer_config__json={
            "tokenizer_class": "BertTokenizerFast",
            "do_lower_case": False,
            "strip_accents": True,
            "tokenize_chinese_chars": False,
            "clean_up_tokenization_spaces": True,
            "additional_special_tokens": ["[DEC]"],
        },
        special_tokens_map__json={"cls_token": "[CLS]"},
        added_tokens__json={"[DEC]": len(vocabulary), "hand": len(vocabulary) + 1},
    )


def byte_pair(name, family, **files):
    model = golden(family)["model"]
    return folder(name, vocab__json=model["vocab"], merges__txt=merges_text(model["merges"]), **files)


def clip():
    token = {"content": "<|startoftext|>", "single_word": False, "lstrip": False, "rstrip": False, "normalized": True}
    return byte_pair(
        "clip",
        "clip",
        tokenizer_config__json=config("clip"),
        special_tokens_map__json={"bos_token": token, "eos_token": "<|endoftext|>"},
    )


def opt():
    return byte_pair("opt", "blip2", tokenizer_config__json=config("blip2"), added_tokens__json={"<image>": 480})


def qwen2():
    added = {
        str(t["id"]): {k: v for k, v in t.items() if k != "id"} for t in golden("qwen2_5_vl")["added_tokens"]
    }
    return byte_pair(
        "qwen2", "qwen2_5_vl", tokenizer_config__json={**config("qwen2_5_vl"), "added_tokens_decoder": added}
    )


def llama_pieces(model):
    kinds = {0: 2, 1: 3, 2: 3}
    vocabulary = in_order(model["vocab"])
    kind = lambda i, t: kinds.get(i, 6 if regex.fullmatch("<0x..>", t) else 1)
    return [(t, float(-i), kind(i, t)) for i, t in enumerate(vocabulary)]


def llama(name, family):
    model = golden(family)["model"]
    added = {t["content"]: t["id"] for t in golden(family)["added_tokens"] if t["id"] >= len(model["vocab"])}
    special = {"additional_special_tokens": ["<image>"]}
    folder(
        name,
        tokenizer__model=sentencepiece(llama_pieces(model), 2, 0, True),
        tokenizer_config__json=config(family),
        added_tokens__json=added,
        special_tokens_map__json=special,
    )
    oracle = golden(family)
    oracle["model"]["merges"] = generate_merges(oracle["model"]["vocab"])
    return of_library(Tokenizer.from_str(json.dumps(oracle)))


def llama_without_settings():
    """What SentencePiece itself does: the legacy rules of transformers."""
    model = golden("llava")["model"]
    folder("llama-bare", tokenizer__model=sentencepiece(llama_pieces(model), 2, 0, True))
    oracle = golden("llava")
    oracle["model"]["merges"] = generate_merges(model["vocab"])
    oracle["added_tokens"] = [t for t in oracle["added_tokens"] if t["id"] < len(model["vocab"])]
    return of_library(Tokenizer.from_str(json.dumps(oracle)))


def siglip():
    path = folder("siglip", tokenizer_config__json=config("siglip"))
    (path / "spiece.model").write_bytes((GOLDENS / "siglip/ckpt/spiece.model").read_bytes())
    return of_library(Tokenizer.from_str(json.dumps(golden("siglip"))))


def t5():
    rules = {"ﬁ": "fi", "Ａ": "A", "①": "1", "\t": " ", "\n": " ", "\r": " ", "\u00a0": " ", "\u200b": " "}
    rules |= {"²": "2", "，": ","}
    scored = golden("siglip")["model"]["vocab"]
    pieces = [("<pad>", 0.0, 3), ("</s>", 0.0, 3), ("<unk>", 0.0, 2)] + [(t, s, 1) for t, s in scored[3:]]
    charsmap = character_map(rules)
    folder(
        "t5",
        spiece__model=sentencepiece(pieces, 1, 2, False, charsmap, True),
        tokenizer_config__json={"tokenizer_class": "T5Tokenizer"},
    )
    vocabulary = [(t, s) for t, s, _ in pieces] + [(f"<extra_id_{i}>", 0.0) for i in range(99, -1, -1)]
    return of_transformers(
        T5Tokenizer(
            vocab=vocabulary,
            unk_id=2,
            _spm_precompiled_charsmap=charsmap,
            extra_special_tokens=[f"<extra_id_{i}>" for i in range(99, -1, -1)],
        )
    )


def qwen():
    """tiktoken's rule in plain Python over the first ranks of the published file."""
    lines = pathlib.Path(sys.argv[2]).read_bytes().splitlines()[:RANKS]
    folder("qwen", qwen__tiktoken=b"\n".join(lines) + b"\n")
    ranks = {base64.b64decode(line.split()[0]): int(line.split()[1]) for line in lines}
    names = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"] + [f"<|extra_{i}|>" for i in range(205)]
    names += ["<ref>", "</ref>", "<box>", "</box>", "<quad>", "</quad>", "<img>", "</img>", "<imgpad>"]
    special = {name: RANKS + i for i, name in enumerate(names)}
    words = regex.compile(
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    )
    at_special = regex.compile("(" + "|".join(regex.escape(name) for name in names) + ")")

    def word_ids(word):
        parts = [bytes([b]) for b in word]
        while word not in ranks:
            joined = [(ranks.get(a + b, RANKS), i) for i, (a, b) in enumerate(zip(parts, parts[1:]))]
            rank, i = min(joined, default=(RANKS, 0))
            if rank == RANKS:
                break
            parts[i : i + 2] = [parts[i] + parts[i + 1]]
        return [ranks[p] for p in parts] if word not in ranks else [ranks[word]]

    def encode(text, _):
        ids = []
        for piece in at_special.split(unicodedata.normalize("NFC", text)):
            if piece in special:
                ids.append(special[piece])
            else:
                for word in words.findall(piece):
                    ids += word_ids(word.encode())
        return ids

    tokens = {rank: token for token, rank in ranks.items()}
    special_texts = {rank: name.encode() for name, rank in special.items()}

    def decode(ids, skip):
        known = tokens if skip else {**tokens, **special_texts}
        return b"".join(known.get(i, b"") for i in ids).decode("utf-8", errors="replace")

    return {"rows": rows(encode, decode), "tokens": {"<imgpad>": RANKS + len(names) - 1}}


def clip_finish(text):
    return text.replace("</w>", " ").strip()


files = {
    "clip.json": of_library(Tokenizer.from_file(str(HERE / "clip.json")), clip_finish),
    "llava.json": of_library(Tokenizer.from_file(str(HERE / "llava.json"))),
    "siglip.json": of_library(Tokenizer.from_file(str(HERE / "siglip.json"))),
}
folders = {
    path.name: of_transformers(kind.from_pretrained(path))
    for path, kind in [
        (bert(), BertTokenizer),
        (bert_cased(), BertTokenizer),
        (clip(), CLIPTokenizer),
        (opt(), GPT2Tokenizer),
        (qwen2(), Qwen2Tokenizer),
    ]
}
folders["llama"] = llama("llama", "llava")
folders["llama-not-legacy"] = llama("llama-not-legacy", "llava_next")
folders["llama-bare"] = llama_without_settings()
folders["siglip"] = siglip()
folders["t5"] = t5()
folders["qwen"] = qwen()
(HERE / "expected.json").write_text(json.dumps({"files": files, "folders": folders}, separators=(",", ":")))
