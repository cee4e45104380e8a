"""Batches of scenes drawn by dev.sluice.jobs.scenes.TrainingFeed: pictures, sliced as the model will see them, and dense labels.

A batch holds pictures of one layout. "fine" says that small print and small things can be seen (slices, not overviews).
"""

import fcntl
import io
import json
import math
import os
import struct
import subprocess

import numpy as np
import torch
from PIL import Image

import slicing
from vocabulary import Vocabulary, caption

PATCH = 8


class Feed:
    """One Java process that draws scenes on request."""

    def __init__(self, classpath, stream):
        self.stream, self.next = stream, 0
        command = ["java", "-XX:+UseSerialGC", "-Xmx600m", "-XX:-UsePerfData", "-XX:+DisplayVMOutputToStderr", "-Xlog:disable", "-Xlog:all=warning:stderr", "-cp", classpath, "dev.sluice.jobs.scenes.TrainingFeed"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        fcntl.fcntl(self.process.stdout, 1031, 1 << 20)  # F_SETPIPE_SZ: the process may work ahead

    def scenes(self, count, plan, width, height, min_items=1, max_items=4, scale=1.0, tag=2 / 3, forbidden=1 / 3, avoid=0.9):
        """plan (cols, rows, slice width, slice height) -> [(header, pixels, instance map)]."""
        cols, rows, sw, sh = plan
        line = f"{self.stream} {self.next} {count} {cols} {rows} {sw} {sh} {width} {height} {min_items} {max_items} {scale} {tag} {forbidden} {avoid}\n"
        self.next += count
        self.process.stdin.write(line.encode())
        self.process.stdin.flush()
        read, out, cw, ch = self.process.stdout.read, [], cols * sw, rows * sh
        for _ in range(count):
            length = struct.unpack(">i", read(4))[0]
            if not 0 < length < 100_000:
                raise ValueError(f"scene feed: expected a header's length, found {length}")
            header = json.loads(read(length))
            pixels = np.frombuffer(read(width * height * 3), np.uint8).reshape(height, width, 3)
            out.append((header, pixels, np.frombuffer(read(cw * ch), np.uint8).reshape(ch, cw)))
        return out


def coded(pixels, quality, rng):
    image = Image.fromarray(pixels)
    if quality:
        data = io.BytesIO()
        image.save(data, "JPEG", quality=quality, subsampling=int(rng.choice([0, 2])))
        data.seek(0)
        image = Image.open(data)
        image.load()
    return image


def patch_labels(h, inst, ph, pw):
    """Labels of a (ph, pw) grid over the whole canvas: uint8 (ph, pw, 29); channels in losses.py."""
    ch, cw = inst.shape
    fy, fx = ch / ph, cw / pw
    cy, cx = ((np.arange(ph) + 0.5) * fy).astype(int), ((np.arange(pw) + 0.5) * fx).astype(int)
    d = np.zeros((ph, pw, 29), np.uint8)
    items = h["items"]
    if items:
        ids = inst[cy][:, cx]
        d[..., :3] = np.array([(0, 0, 0)] + [(q[0] + 1, q[1], q[2]) for q in items], np.uint8)[ids]
        sy, sx = ((np.arange(ph * 4) + 0.5) * fy / 4).astype(int), ((np.arange(pw * 4) + 0.5) * fx / 4).astype(int)
        d[..., 9:25] = (inst[sy][:, sx] > 0).reshape(ph, 4, pw, 4).transpose(0, 2, 1, 3).reshape(ph, pw, 16)
        box = np.array([(0, 0, 0, 0)] + [(q[3] + q[5] / 2, q[4] + q[6] / 2, q[5], q[6]) for q in items], np.float32)[ids]
        reg = np.stack(((box[..., 0] - cx) / fx, (box[..., 1] - cy[:, None]) / fy, box[..., 2] / fx, box[..., 3] / fy), -1)
        d[..., 25:29] = np.clip(reg * 8, -127, 127).astype(np.int8).view(np.uint8)
        for q in items:
            d[min(ph - 1, int((q[4] + q[6] / 2) / fy)), min(pw - 1, int((q[3] + q[5] / 2) / fx)), 5] = 1
    for key, channel in (("tag", 3), ("forbidden", 4)):
        if h[key]:
            x, y, w, hh = h[key]["box"]
            value = h[key].get("label", 1)
            d[int(y / fy) : math.ceil((y + hh) / fy), int(x / fx) : math.ceil((x + w) / fx), channel] = value
    if h["tag"]:
        for i, (digit, x, y) in enumerate(h["tag"]["digits"]):
            q = d[int(y / fy), int(x / fx)]
            if q[6] == 0:
                q[6], q[8] = digit + 1, i
            q[7] = digit + 1
    return d


def token_labels(h, canvas, rows, cols, side=4):
    """Labels of the resampler's windows, rows x cols slices of side x side windows: uint8 (rows*cols, side*side, 10)."""
    cw, ch = canvas
    t = np.zeros((rows * side, cols * side, 10), np.uint8)
    at = lambda x, y: t[min(rows * side - 1, int(y / ch * rows * side)), min(cols * side - 1, int(x / cw * cols * side))]
    for kind, colour, pattern, x, y, w, hh in h["items"]:
        q = at(x + w / 2, y + hh / 2)
        if q[0] == 0:
            q[1:4] = kind, colour, pattern
        q[0] = min(2, q[0] + 1)
    if h["forbidden"]:
        x, y, w, hh = h["forbidden"]["box"]
        at(x + w / 2, y + hh / 2)[4] = h["forbidden"]["label"]
    if h["tag"]:
        x, y, w, hh = h["tag"]["box"]
        q = at(x + w / 2, y + hh / 2)
        q[5], q[6:10] = 1, [d[0] for d in h["tag"]["digits"]]
    return t.reshape(rows, side, cols, side, 10).transpose(0, 2, 1, 3, 4).reshape(rows * cols, side * side, 10)


def scene_counts(h):
    """How many of each kind, colour and pattern, and in all (0..4): int64 (25)."""
    c = np.zeros(25, np.int64)
    for kind, colour, pattern, *_ in h["items"]:
        c[[kind, 12 + colour, 20 + pattern]] += 1
    c[24] = len(h["items"])
    return np.minimum(c, 4)


def picture_size(rng, longest=1600):
    """A size as in the evaluation: 300x200 to 1600x1200, aspect 1:3 to 3:1."""
    ratio = math.exp(rng.uniform(-1, 1) * math.log(3)) if rng.random() < 0.4 else [1.5, 4 / 3, 1, 16 / 9, 2 / 3, 0.75, 0.5625, 2][rng.integers(8)]
    area = math.exp(rng.uniform(math.log(60_000), math.log(min(1_920_000, longest * longest * 0.75))))
    w, h = math.sqrt(area * ratio), math.sqrt(area / ratio)
    f = min(1, 1600 / max(w, h), 1200 / min(w, h))
    return max(200, int(w * f)), max(200, int(h * f))


def empty(n, rows, cols, over_hw, slice_hw):
    patches = lambda hw: (hw[0] // PATCH) * (hw[1] // PATCH)
    s = rows * cols
    return dict(
        over=np.zeros((n, *over_hw, 3), np.uint8),
        slices=np.zeros((n, s, *slice_hw, 3), np.uint8),
        over_patches=np.zeros((n, patches(over_hw), 29), np.uint8),
        slice_patches=np.zeros((n, s, patches(slice_hw), 29), np.uint8),
        over_tokens=np.zeros((n, 16, 10), np.uint8),
        slice_tokens=np.zeros((n, s, 16, 10), np.uint8),
        caption=np.zeros((n, 48), np.int64),
        label=np.zeros(n, np.int64),
        tags=np.zeros((n, 4), np.int64),
        counts=np.zeros((n, 25), np.int64),
        layout=(cols, rows),
        crop=False,
    )


def fill(b, i, h):
    digits = [d[0] for d in h["tag"]["digits"]] if h["tag"] else None
    ids = Vocabulary.encode(caption(h["items"], digits)) + [Vocabulary.eos]
    b["caption"][i, : len(ids)] = ids
    b["label"][i] = h["forbidden"]["label"] if h["forbidden"] else 0
    b["tags"][i] = digits or 0
    b["counts"][i] = scene_counts(h)


def single(feed, rng, n, size, canvas=None, **options):
    """Pictures without slices: the overview is the whole, at its own scale (canvas = None) or reduced from a larger canvas."""
    w, h = size
    cw, ch = canvas or size
    b = empty(n, 0, 0, (h, w), (PATCH, PATCH))
    for i, (header, pixels, inst) in enumerate(feed.scenes(n, (1, 1, cw, ch), cw, ch, **options)):
        image = coded(pixels, header["quality"], rng)
        b["over"][i] = np.asarray(image if canvas is None else image.resize(size, Image.BICUBIC))
        b["over_patches"][i] = patch_labels(header, inst, h // PATCH, w // PATCH).reshape(-1, 29)
        b["over_tokens"][i] = token_labels(header, (cw, ch), 1, 1)[0]
        fill(b, i, header)
    return b | dict(fine=canvas is None, single=True)


def sliced(feed, rng, n, size, true_size, overview_only=False, max_slices=slicing.MAX_SLICES, **options):
    """Pictures of a size: drawn at that size, or (cheaper) at the size of the refined canvas."""
    p = slicing.plan(*size)
    cols, rows, (sw, sh), (ow, oh) = p["cols"], p["rows"], p["slice"], p["overview"]
    cw, ch = cols * sw, rows * sh
    q = slicing.plan(*size, max_slices=max_slices)
    if overview_only:
        q = q | dict(cols=0, rows=0, slice=(PATCH, PATCH))
    qc, qr, (qw, qh) = q["cols"], q["rows"], q["slice"]
    b = empty(n, qr, qc, (oh, ow), (qh, qw))
    drawn = size if true_size else (cw, ch)
    for i, (header, pixels, inst) in enumerate(feed.scenes(n, (cols, rows, sw, sh), *drawn, **options)):
        image = coded(pixels, header["quality"], rng)
        b["over"][i] = np.asarray(image.resize((ow, oh), Image.BICUBIC))
        b["over_patches"][i] = patch_labels(header, inst, oh // PATCH, ow // PATCH).reshape(-1, 29)
        b["over_tokens"][i] = token_labels(header, (cw, ch), 1, 1)[0]
        if qc:
            a = np.asarray(image.resize((qw * qc, qh * qr), Image.BICUBIC))
            b["slices"][i] = a.reshape(qr, qh, qc, qw, 3).transpose(0, 2, 1, 3, 4).reshape(qr * qc, qh, qw, 3)
            gh, gw = qh // PATCH, qw // PATCH
            d = patch_labels(header, inst, qr * gh, qc * gw)
            b["slice_patches"][i] = d.reshape(qr, gh, qc, gw, 29).transpose(0, 2, 1, 3, 4).reshape(qr * qc, gh * gw, 29)
            b["slice_tokens"][i] = token_labels(header, (cw, ch), qr, qc)
        fill(b, i, header)
    return b | dict(fine=False, single=False)


class Batches(torch.utils.data.IterableDataset):
    """Endless batches of a stage. All ranks draw batches of the same shapes at the same time, each from its own stream of scenes."""

    def __init__(self, stage, classpath, seed, slices, rank=0):
        self.stage, self.classpath, self.seed, self.slices, self.rank = stage, classpath, seed, slices, rank

    def __iter__(self):
        os.nice(2)
        rng = np.random.default_rng(self.seed)  # shapes: the same on every rank
        self.own = np.random.default_rng([self.seed, self.rank])
        feed = Feed(self.classpath, (1 << 40) + self.seed * 64 + self.rank)
        while True:
            b = getattr(self, self.stage)(feed, rng)
            b["layout"] = tuple(b["layout"])
            width = int((b["caption"] > 0).any(0).sum())
            b["caption"] = np.ascontiguousarray(b["caption"][:, :width])
            yield {k: torch.from_numpy(v) if isinstance(v, np.ndarray) else v for k, v in b.items()}

    def crops(self, feed, rng):
        """56x56 crops: two thirds at slice scale, one third at overview scale."""
        if rng.random() < 2 / 3:
            b = single(feed, self.own, self.slices, (56, 56), max_items=1, scale=0.82, tag=0.6, forbidden=0.5)
        else:
            side = int(rng.integers(124, 148))
            b = single(feed, self.own, self.slices, (56, 56), (side, side), max_items=2, tag=0.6, forbidden=0.4)
        return b | dict(crop=True)

    def towards(self, feed, rng):
        """Stage 2: crops, single pictures, and overviews of whole scenes."""
        luck, n = rng.random(), self.slices
        if luck < 0.22:
            return single(feed, self.own, int(n * 2.5), (56, 56), max_items=1, scale=0.82, tag=0.65, forbidden=0.5) | dict(crop=True)
        if luck < 0.5:
            size = [(96, 96), (112, 72), (72, 112), (104, 80), (80, 104)][rng.integers(5)]
            return single(feed, self.own, n, size, max_items=2, scale=0.8, forbidden=0.5)
        return sliced(feed, self.own, int(n * 1.2), picture_size(rng), False, overview_only=True)

    def whole(self, feed, rng):
        """Stage 3: whole pictures with their slices, mostly; many items, forbidden items and cut tags more often than in the measured stream."""
        luck = rng.random()
        if luck < 0.15:
            return self.towards(feed, rng)
        n = max(4, self.slices // 7)
        crowded = dict(min_items=1 + 2 * int(rng.random() < 0.5))
        if luck < 0.31:
            return sliced(feed, self.own, n * 4, picture_size(rng), False, overview_only=True, **crowded)
        hard = crowded | dict(forbidden=0.45, tag=0.75, avoid=0.7)
        if luck < 0.46:
            return sliced(feed, self.own, n, picture_size(rng, 800), True, **hard)
        return sliced(feed, self.own, n, picture_size(rng), False, **hard)


def batches(stage, classpath, seed, slices, rank=0):
    loader = torch.utils.data.DataLoader(Batches(stage, classpath, seed, slices, rank), batch_size=None, num_workers=1, prefetch_factor=4)
    return iter(loader)
