"""The published LLaVA-UHD slicing (floor variant), and the picture normalisation."""

import math

import torch
from PIL import Image

MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073])
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711])
SCALE, PATCH, MAX_SLICES = 96, 8, 6


def floor_to(n, d):
    return max(math.floor(n / d) * d, d)


def best_resize(w, h, upscale, scale=SCALE, patch=PATCH):
    if w * h > scale * scale or upscale:
        r = w / h
        h = int(scale / math.sqrt(r))
        w = int(h * r)
    return floor_to(w, patch), floor_to(h, patch)


def plan(width, height, max_slices=MAX_SLICES, scale=SCALE, patch=PATCH):
    """-> dict(overview=(w, h), cols, rows, slice=(w, h)); cols = rows = 0 without slices."""
    n = min(math.ceil(width * height / (scale * scale)), max_slices)
    if n <= 1:
        return dict(overview=best_resize(width, height, True, scale, patch), cols=0, rows=0, slice=(0, 0))
    counts = [k for k in (n - 1, n, n + 1) if k != 1 and k <= max_slices]
    best, err = (1, 1), math.inf
    for k in counts:
        for cols in range(1, k + 1):
            if k % cols:
                continue
            e = abs(math.log(width / height) - math.log(cols / (k // cols)))
            if e < err:
                best, err = (cols, k // cols), e
    cols, rows = best
    w, h = best_resize(floor_to(width, cols) / cols, floor_to(height, rows) / rows, True, scale, patch)
    return dict(overview=best_resize(width, height, False, scale, patch), cols=cols, rows=rows, slice=(w, h))


def cut(image, p):
    """A PIL picture -> (overview uint8 tensor (h, w, 3), slices (S, h, w, 3) or None)."""
    import numpy as np

    over = torch.from_numpy(np.asarray(image.resize(p["overview"], Image.BICUBIC)).copy())
    if not p["cols"]:
        return over, None
    (w, h), cols, rows = p["slice"], p["cols"], p["rows"]
    a = np.asarray(image.resize((w * cols, h * rows), Image.BICUBIC))
    a = a.reshape(rows, h, cols, w, 3).transpose(0, 2, 1, 3, 4).reshape(rows * cols, h, w, 3)
    return over, torch.from_numpy(a.copy())
