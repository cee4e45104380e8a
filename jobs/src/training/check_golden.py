"""Checks model.py and slicing.py against a reference run of the published code: python check_golden.py <folder with model and expected files>."""

import json
import sys

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file

from model import Config, Model, patchify
from slicing import best_resize, cut, plan
from vocabulary import Vocabulary


class Golden(Vocabulary):
    comma, newline = 29, 13


def main(folder):
    weights, expected = load_file(f"{folder}/model.safetensors"), load_file(f"{folder}/expected.safetensors")
    meta = json.load(open(f"{folder}/expected.json"))
    c = Config(336, 14, 32, 2, 4, 64, 12, 256, 1, 8, 48, 96)
    m = Model(c, Golden).float()
    missing, _ = m.load_state_dict(weights, strict=False)
    assert all(k.startswith("heads.") for k in missing), missing
    for im in meta["images"]:
        picture = Image.open(f"{folder}/{im['file']}").convert("RGB")
        if im["after_pre_resize"] != list(picture.size):
            picture = picture.resize(im["after_pre_resize"], Image.BICUBIC)
        p = plan(*picture.size, max_slices=7, scale=336, patch=14)
        assert list(p["overview"]) == im["thumbnail_size"] and (not im["grid"] or [p["cols"], p["rows"]] == im["grid"]), (p, im)
        over, slices = cut(picture, p)
        name, worst = im["file"][:4], {}
        with torch.no_grad():
            for which, pixels in [("thumbnail", over)] + [(f"slice{i}", s) for i, s in enumerate(slices if slices is not None else [])]:
                grid = (pixels.shape[0] // 14, pixels.shape[1] // 14)
                f = m.vision(patchify(pixels[None], 14, torch.float32), grid)
                t = m.model.mm_projector(f, grid)
                for key, got, step in (("vision_every31st", f, 31), ("resampled_every12th", t, 12)):
                    e = expected[f"{name}.{which}.{key}"]
                    worst[key] = max(worst.get(key, 0), (got[0, ::step][: len(e)] - e).abs().max().item())
        print(name, im["mode"], worst)


main(sys.argv[1])
