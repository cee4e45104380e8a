"""Scores an exported folder on picture files: python evaluate.py MODEL_FOLDER PICTURES.tsv [--overview-only] [--max-slices K] [--dtype bfloat16]

A line of the table: file, canonical caption, label, separated by tabs; files lie beside the table.
"""

import argparse
import json
import os

import numpy as np
import torch
from PIL import Image

from export import inputs, load
from score import slots
from slicing import MAX_SLICES
from vocabulary import LABELS, Vocabulary, parse


def main():
    p = argparse.ArgumentParser()
    p.add_argument("folder")
    p.add_argument("table")
    p.add_argument("--overview-only", action="store_true")
    p.add_argument("--max-slices", type=int, default=MAX_SLICES)
    p.add_argument("--limit", type=int, default=10**9)
    a = p.parse_args()
    torch.set_num_threads(1)
    m = load(a.folder)
    ok, groups, exact, tag, false_tag = np.zeros(4), 0, [], [], []
    confusion, by_items = np.zeros((4, 4), int), {}
    for line in open(a.table).read().splitlines()[: a.limit]:
        name, want, label = line.split("\t")[:3]
        picture = Image.open(os.path.join(os.path.dirname(a.table), name)).convert("RGB")
        ids, scores = m.generate(inputs(picture, max_slices=a.max_slices, overview_only=a.overview_only)[1])
        ids = ids[0].tolist()
        found = Vocabulary.decode(ids[: ids.index(Vocabulary.eos)] if Vocabulary.eos in ids else ids)
        (g, t), (wg, wt) = parse(found), parse(want)
        right, n = slots(g, wg)
        ok, groups = ok + right, groups + n
        exact.append(sorted(g) == sorted(wg))
        by_items.setdefault(sum(x[3] for x in wg), []).append(exact[-1])
        (tag if wt else false_tag).append(t == wt if wt else t is not None)
        confusion[LABELS.index(label), int(scores[0].argmax())] += 1
    c = confusion
    f1 = {LABELS[i]: round(2 * c[i, i] / max(1, c[i].sum() + c[:, i].sum()), 3) for i in range(1, 4)}
    print(
        json.dumps(
            dict(
                pictures=len(exact),
                slots=round(ok.sum() / 4 / groups, 4),
                kind_colour_pattern_count=[round(v / groups, 4) for v in ok],
                caption_exact=round(float(np.mean(exact)), 4),
                exact_by_items={k: round(float(np.mean(v)), 3) for k, v in sorted(by_items.items())},
                tag_exact=round(float(np.mean(tag)), 4),
                invented_tag=round(float(np.mean(false_tag)), 4),
                f1=f1,
                macro_f1=round(float(np.mean(list(f1.values()))), 4),
                false_alarm=round(float(1 - c[0, 0] / c[0].sum()), 4),
                label_confusion=c.tolist(),
            )
        )
    )


main()
