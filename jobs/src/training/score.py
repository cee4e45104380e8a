"""Scores of captions against scenes: the same slots as dev.sluice.jobs.scenes.CaptionScore."""

import itertools

import numpy as np
import torch

from model import patchify
from vocabulary import Vocabulary, parse


def slots(found, expected):
    """Right slots (kind, colour, pattern, count) under the best one-to-one matching, and how many groups there are."""
    n = max(len(found), len(expected))
    found, expected = list(found) + [None] * (n - len(found)), list(expected) + [None] * (n - len(expected))
    best = np.zeros(4, int)
    for order in itertools.permutations(range(n)) if n <= 6 else [range(n)]:
        ok = np.zeros(4, int)
        for i, e in zip(order, expected):
            if e is not None and found[i] is not None:
                ok += np.array(found[i]) == np.array(e)
        if ok.sum() > best.sum():
            best = ok
    return best, n


@torch.no_grad()
def score(m, batches):
    """{set: figures}; sets: with slices, overview only."""
    m.eval()
    sets = {}
    dtype = m.model.embed_tokens.weight.dtype
    for b in batches:
        t = lambda v: torch.as_tensor(v)
        grid = lambda v: (v.shape[-3] // 8, v.shape[-2] // 8)
        x = dict(overview=patchify(t(b["over"]), 8, dtype), overview_grid=grid(b["over"]), layout=b["layout"])
        if b["layout"][0]:
            x.update(slices=patchify(t(b["slices"]).flatten(0, 1), 8, dtype), slice_grid=grid(b["slices"]))
        ids, label = m.generate(x)
        s = sets.setdefault("slices" if b["layout"][0] else "overview", dict(ok=np.zeros(4), groups=0, exact=[], tag=[], false_tag=[], conf=np.zeros((4, 4), int)))
        for i, row in enumerate(ids.tolist()):
            row = row[: row.index(Vocabulary.eos)] if Vocabulary.eos in row else row
            want = b["caption"][i].tolist()
            want = want[: want.index(Vocabulary.eos)]
            (g, tag), (wg, wtag) = parse(Vocabulary.decode(row)), parse(Vocabulary.decode(want))
            ok, n = slots(g, wg)
            s["ok"] += ok
            s["groups"] += n
            s["exact"].append(sorted(g) == sorted(wg))
            (s["tag"] if wtag else s["false_tag"]).append(tag == wtag if wtag else tag is not None)
            s["conf"][int(b["label"][i]), int(label[i].argmax())] += 1
    m.train()
    out = {}
    for k, s in sets.items():
        c = s["conf"]
        f1 = [2 * c[i, i] / max(1, c[i].sum() + c[:, i].sum()) for i in range(1, 4)]
        out[k] = dict(
            slots=round(s["ok"].sum() / 4 / max(1, s["groups"]), 3),
            kcpn=[round(v / max(1, s["groups"]), 3) for v in s["ok"]],
            exact=round(float(np.mean(s["exact"])), 3),
            tag=round(float(np.mean(s["tag"])), 3),
            false_tag=round(float(np.mean(s["false_tag"])), 3),
            f1=round(float(np.mean(f1)), 3),
            n=int(c.sum()),
        )
    return out
