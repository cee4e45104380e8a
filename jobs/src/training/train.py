"""Trains the embedded model in stages; see README.md for the recipe.

python train.py --stage crops|towards|whole --name OUT [--init CHECKPOINT] --classpath CLASSES --minutes M
Writes OUT.pt (masters and moments) every minute and OUT.log; touch OUT.stop to end early; --init OUT.pt --moments 1 resumes.
--init FOLDER starts from an exported model, whose read-outs are gone: --heads STEPS then trains only these first.
"""

import argparse
import json
import math
import os
import time

import numpy as np
import torch
import torch.distributed as dist
import torch.nn.functional as F
from safetensors.torch import load_file

import data
from losses import patch_losses, scene_losses, token_losses
from model import Config, Model, patchify
from optimiser import Optimiser
from score import score
from vocabulary import TOKENS, Vocabulary


def tensors(b):
    """A batch of data.py as the model's input."""
    grid = lambda t: (t.shape[-3] // 8, t.shape[-2] // 8)
    x = dict(layout=tuple(int(v) for v in b["layout"]), crop=b["crop"], caption=b["caption"])
    x["overview"], x["overview_grid"] = patchify(b["over"], 8, torch.bfloat16), grid(b["over"])
    if x["layout"][0]:
        x["slices"], x["slice_grid"] = patchify(b["slices"].flatten(0, 1), 8, torch.bfloat16), grid(b["slices"])
    return x


def vision_loss(m, b, x, out):
    """Dense losses on patch features; out has "over" and "patches"."""
    parts = {}
    fine = b["fine"]
    for k, v in patch_losses(m.heads.patches(out["over"]), b["over_patches"], b["tags"], fine).items():
        parts[("p_" if fine else "o_") + k] = (v, 1.0 if fine else 0.5)
    if out["patches"] is not None and x.get("slice_gradient", True):
        z, s = m.heads.patches(out["patches"]), b["slices"].shape[1]
        for k, v in patch_losses(z, b["slice_patches"].flatten(0, 1), b["tags"].repeat_interleave(s, 0)).items():
            parts["p_" + k] = (v, 1.0)
    return parts


def language_loss(m, b, x, out, a):
    caption = b["caption"]
    on = (caption > 0).float().flatten()
    ce = F.cross_entropy(out["caption"].flatten(0, 1), caption.flatten(), reduction="none") * on
    parts = dict(
        cap=(ce.sum() / on.sum(), 1.0),
        lab=(F.cross_entropy(out["label"][:, Vocabulary.labels], b["label"]), a.label),
    )
    for k, v in scene_losses(out["scene"], b["counts"]).items():
        parts[k] = (v, a.scene)
    for k, v in token_losses(m.heads.tokens(out["over_tokens"]).flatten(0, 1), b["over_tokens"].flatten(0, 1), b["fine"]).items():
        parts[("p_" if b["fine"] else "o_") + k] = (v, a.token)
    if out["tokens"] is not None:
        for k, v in token_losses(m.heads.tokens(out["tokens"]).flatten(0, 2), b["slice_tokens"].flatten(0, 2)).items():
            parts["p_" + k] = (v, a.token)
    return parts


def main():
    p = argparse.ArgumentParser()
    for name, kind, default in [
        ("stage", str, "crops"), ("name", str, "run"), ("init", str, ""), ("classpath", str, "../../target/classes"), ("minutes", float, 5),
        ("lr", float, 1.5e-3), ("muon", float, 0.02), ("decay", float, 0.02), ("vision_rate", float, 1.0), ("moments", int, 0), ("heads", int, 0), ("slices", int, 0),
        ("start", float, 1.0), ("end", float, 0.1), ("dense", float, 1.0), ("dense_end", float, 1.0), ("label", float, 1.0), ("scene", float, 0.3), ("token", float, 0.3),
        ("slice_gradient", float, 1.0), ("eval_seconds", float, 240), ("eval_count", int, 60), ("seed", int, 1), ("ranks", int, 2), ("compile", int, 1),
    ]:  # fmt: skip
        p.add_argument("--" + name, type=kind, default=default)
    a = p.parse_args()
    if a.ranks == 1:
        work(0, a)
    else:
        torch.multiprocessing.spawn(work, (a,), a.ranks)


def meet(o, done, ranks):
    """Averages the gradients over the ranks; everyone takes rank 0's clock."""
    if ranks == 1:
        return done
    flat = torch.cat([(torch.zeros_like(q) if q.grad is None else q.grad).flatten().float() for q in o.ps] + [torch.tensor([done * ranks])])
    dist.all_reduce(flat)
    flat /= ranks
    at = 0
    for q in o.ps:
        q.grad = flat[at : at + q.numel()].view(q.shape).to(q.dtype)
        at += q.numel()
    return float(flat[-1])


def work(rank, a):
    """One process with one thread; ranks meet once a step, which suits a busy machine better than threads that meet in every operation."""
    if a.ranks > 1:
        dist.init_process_group("gloo", init_method=f"file:///tmp/train-{os.getppid()}", rank=rank, world_size=a.ranks)
    torch.set_num_threads(1 if a.ranks > 1 else 2)
    torch.manual_seed(a.seed)
    m = Model(Config(vocab=len(TOKENS)), Vocabulary)
    masters = [q.detach().float().clone() for q in m.parameters()]
    m = m.to(torch.bfloat16)
    o = Optimiser(m, a.lr, a.muon, a.decay, a.vision_rate, masters)
    if a.init:
        o.load(dict(m=load_file(f"{a.init}/model.safetensors")) if os.path.isdir(a.init) else torch.load(a.init), bool(a.moments))
    if a.compile:
        m.vision.compile_layers()
    slices = a.slices or dict(crops=144, towards=48, whole=84)[a.stage]
    feed = data.batches(a.stage, a.classpath, a.seed, slices // a.ranks, rank)
    held_out = list(evaluation(a)) if a.stage != "crops" and rank == 0 else []
    torch.manual_seed(a.seed + 1)  # the same windows and gradient choices on every rank
    log = open(f"{a.name}.log", "a")

    def say(*words):
        if rank:
            return
        line = time.strftime("%H:%M:%S ") + " ".join(str(w) for w in words)
        print(line, flush=True)
        print(line, file=log, flush=True)

    def save():
        if rank:
            return
        torch.save(o.state(), f"{a.name}.tmp")
        os.replace(f"{a.name}.tmp", f"{a.name}.pt")

    say("arguments", json.dumps(vars(a)))
    begin = saved = evaluated = time.time()
    away = waiting = 0.0
    step = pictures = 0
    sums = {}
    done = 0.0
    while done < 1:
        if step in (0, a.heads):
            o.learn(m.heads if step < a.heads else m)
        t = time.time()
        b = next(feed)
        waiting += time.time() - t
        factor = a.start * (a.end + (1 - a.end) * 0.5 * (1 + math.cos(math.pi * done)))
        factor = 4.0 if step < a.heads else factor * min(1.0, (step - a.heads + 1) / 60)
        x = tensors(b)
        x["slice_gradient"] = bool(torch.rand(()) < a.slice_gradient)
        if a.stage == "crops":
            out = dict(over=m.vision(x["overview"], x["overview_grid"], x["crop"]), patches=None)
            parts = vision_loss(m, b, x, out)
        else:
            out = m(x)
            dense = a.dense + (a.dense_end - a.dense) * done
            parts = {k: (v, w * dense) for k, (v, w) in vision_loss(m, b, x, out).items()}
            parts.update(language_loss(m, b, x, out, a))
        sum(v * w for v, w in parts.values()).backward()
        clock = (time.time() - begin - away) / (a.minutes * 60) if rank == 0 else 0.0
        if rank == 0 and os.path.exists(f"{a.name}.stop"):
            clock = 1.0
        done = meet(o, clock, a.ranks)
        norm = o.step(factor)
        step, pictures = step + 1, pictures + len(b["over"]) * a.ranks
        for k, (v, _) in parts.items():
            sums.setdefault(k, []).append(v.item())
        now = time.time()
        if step % 50 == 0:
            el = now - begin - away
            say(f"step {step} pictures {pictures} {el:.0f}s {pictures / el:.0f}/s wait {waiting / el:.2f} lr {factor:.3f} norm {norm:.1f}", " ".join(f"{k} {np.mean(v):.3f}" for k, v in sums.items()))
            sums = {}
        if now - saved > 60:
            save()
            saved = now
        if held_out and now - evaluated > a.eval_seconds:
            say("EVAL", step, pictures, json.dumps(score(m, held_out)))
            evaluated = time.time()
            away += evaluated - now
    save()
    if held_out:
        say("FINAL", step, pictures, json.dumps(score(m, held_out)))


def evaluation(a):
    """A few fixed batches of another stream, to watch."""
    feed, rng = data.Feed(a.classpath, (1 << 50) + 5), np.random.default_rng(5)
    for size in ((600, 400), (400, 600), (640, 480), (500, 500)):
        yield data.sliced(feed, rng, a.eval_count // 4, size, True)
    yield data.sliced(feed, rng, a.eval_count, (600, 400), False, overview_only=True)


if __name__ == "__main__":
    main()
