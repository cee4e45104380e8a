"""The words of the captions, the token ids, and tokenizer.json."""

KINDS = ["mug", "bottle", "chair", "lamp", "shoe", "hat", "bag", "clock", "shirt", "umbrella", "kettle", "book"]
COLOURS = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "black"]
PATTERNS = ["plain", "striped", "dotted", "checked"]
LABELS = ["none", "knife", "pistol", "cigarettes"]
COUNTS = ["one", "two", "three", "four"]

SPACE = "\u2581"
WORDS = ["describe", "forbidden", "and", "price", "tag", "no", "nothing"]
TOKENS = (
    ["<pad>", "<s>", "</s>", "<unk>", ",", "\n", SPACE, ":", "?", ";", "."]
    + [str(i) for i in range(10)]
    + [SPACE + w for w in WORDS + COUNTS + COLOURS + PATTERNS + KINDS + [k + "s" for k in KINDS] + LABELS]
)
IDS = {t: i for i, t in enumerate(TOKENS)}


class Vocabulary:
    """Token ids by role."""

    size = len(TOKENS)
    pad, bos, eos = 0, 1, 2
    comma, newline = IDS[","], IDS["\n"]
    describe = [IDS[SPACE + "describe"], IDS[":"]]
    forbidden = [IDS[SPACE + "forbidden"], IDS["?"]]
    labels = [IDS[SPACE + w] for w in LABELS]

    @staticmethod
    def encode(text):
        """Canonical text -> ids (the same as tokenizer.json gives)."""
        out = []
        for word in text.split():
            tail = []
            while word and word[-1] in ",;:?" and len(word) > 1:
                tail.insert(0, word[-1])
                word = word[:-1]
            if word[0].isdigit():
                out += [IDS[SPACE]] + [IDS[ch] for ch in word]
            else:
                out.append(IDS[SPACE + word])
            out += [IDS[ch] for ch in tail]
        return out

    @staticmethod
    def decode(ids):
        return "".join(TOKENS[i] for i in ids if i > 3).replace(SPACE, " ").removeprefix(" ")


def groups(items):
    """[(kind, colour, pattern), ...] -> sorted [(kind, colour, pattern, count)]."""
    c = {}
    for it in items:
        c[tuple(it[:3])] = c.get(tuple(it[:3]), 0) + 1
    return sorted((*k, n) for k, n in c.items())


def caption(items, tag):
    """The canonical text; tag is None or four digits."""
    parts = [f"{COUNTS[n - 1]} {COLOURS[c]} {PATTERNS[p]} {KINDS[k]}{'s' if n > 1 else ''}" for k, c, p, n in groups(items)]
    text = "nothing" if not parts else parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
    return text + ("; no price tag" if tag is None else "; price tag {}{}.{}{}".format(*tag))


def parse(text):
    """-> ([(kind, colour, pattern, count)], tag digits or None); unknown words become -1."""
    head, _, tail = text.partition(";")
    find = lambda seq, w: seq.index(w) if w in seq else -1
    out = []
    for part in head.replace(" and ", ", ").split(", "):
        w = part.split()
        if len(w) == 4:
            kind = find(KINDS, w[3]) if w[3] in KINDS else find(KINDS, w[3].removesuffix("s"))
            out.append((kind, find(COLOURS, w[1]), find(PATTERNS, w[2]), find(COUNTS, w[0]) + 1))
        elif w and w != ["nothing"]:
            out.append((-1, -1, -1, -1))
    t = tail.replace("price tag", "").strip()
    tag = tuple(int(ch) for ch in t if ch.isdigit()) if "no" not in tail.split() and "price" in tail else None
    return out, tag


def tokenizer():
    """The same as a Hugging Face tokenizer (word level over Metaspace pieces)."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    t = Tokenizer(models.WordLevel(IDS, unk_token="<unk>"))
    t.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Metaspace(replacement=SPACE, prepend_scheme="always"),
            pre_tokenizers.Punctuation("isolated"),
            pre_tokenizers.Digits(individual_digits=True),
        ]
    )
    t.decoder = decoders.Metaspace(replacement=SPACE, prepend_scheme="always")
    t.add_special_tokens([AddedToken(w, special=True) for w in TOKENS[:4]])
    return t
