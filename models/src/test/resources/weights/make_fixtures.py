"""Writes the checkpoints of the tests beside this file: python3 make_fixtures.py (PyTorch, safetensors, tokenizers).

The tests compare with numbers that both sides can compute: element i of a tensor is (i - 3) / 4 unless said otherwise.
"""

import collections
import json
import os
import pathlib

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def ramp(*shape, dtype=torch.float32):
    count = torch.Size(shape).numel()
    return ((torch.arange(count, dtype=torch.float32) - 3) / 4).reshape(shape).to(dtype)


def tensors():
    shared = ramp(4, 6)
    return collections.OrderedDict(
        [
            ("plain", ramp(2, 3)),
            ("transposed", ramp(3, 4).t()),
            ("shared.all", shared),
            ("shared.rows", shared[1:3]),
            ("shared.columns", shared[:, 2:5]),
            ("half", ramp(5, dtype=torch.float16)),
            # the smallest and the largest subnormal of float16, and the smallest normal
            ("half.subnormal", torch.tensor([2**-24, 2**-14 - 2**-24, 2**-14], dtype=torch.float16)),
            ("bf16", ramp(5, dtype=torch.bfloat16)),
            ("double", ramp(2, dtype=torch.float64)),
            ("longs", torch.arange(4) - 2),
            ("bools", torch.tensor([True, False, True])),
            ("scalar", torch.tensor(4.5)),
            ("empty", torch.zeros(0, 3)),
            ("expanded", torch.arange(3).expand(2, 3)),
            ("parameter", torch.nn.Parameter(ramp(3))),
        ]
    )


def folder(name):
    path = HERE / name
    path.mkdir(exist_ok=True)
    return path


def training_run():
    """What LAVIS' runner saves, as MiniGPT-4's files are."""
    module = torch.nn.Linear(3, 2)
    module.load_state_dict({"weight": ramp(2, 3), "bias": ramp(2)})
    optimizer = torch.optim.AdamW(module.parameters(), lr=1e-4)
    module(ramp(1, 3)).sum().backward()
    optimizer.step()
    module.load_state_dict({"weight": ramp(2, 3), "bias": ramp(2)})
    saved = {
        "model": module.state_dict(),
        "optimizer": optimizer.state_dict(),
        "config": {"run": {"amp": True, "warmup_steps": 5000, "device": None}, "datasets": ["cc_sbu_align"]},
        "scaler": torch.amp.GradScaler("cpu").state_dict(),
        "epoch": 4,
    }
    torch.save(saved, HERE / "training-run.pth")


def torch_files():
    plain = tensors()
    torch.save(plain, folder("torch-zip") / "pytorch_model.bin")
    torch.save(plain, folder("torch-old") / "pytorch_model.bin", _use_new_zipfile_serialization=False)
    torch.save({"epoch": 3, "state_dict": {"inner": ramp(2)}}, HERE / "wrapped.pth")
    training_run()
    module = torch.nn.Linear(3, 2)
    module.load_state_dict({"weight": ramp(2, 3), "bias": ramp(2)})
    torch.save(module.state_dict(), HERE / "state-dict.pt")
    torch.save(module, HERE / "whole-module.pt")

    sharded = folder("torch-sharded")
    names = {"a": 1, "b": 2}
    for key, number in names.items():
        torch.save({key: ramp(number, 2)}, sharded / f"pytorch_model-0000{number}-of-00002.bin")
    index = {"weight_map": {k: f"pytorch_model-0000{n}-of-00002.bin" for k, n in names.items()}}
    (sharded / "pytorch_model.bin.index.json").write_text(json.dumps(index))


class Hostile:
    def __reduce__(self):
        return os.system, ("touch hostile-was-here",)


def hostile_files():
    torch.save({"weight": ramp(2), "trap": Hostile()}, HERE / "hostile-zip.bin")
    torch.save({"weight": ramp(2), "trap": Hostile()}, HERE / "hostile-old.bin", _use_new_zipfile_serialization=False)


def safetensors_files():
    plain = {k: v.detach().clone().contiguous() for k, v in tensors().items()}
    save_file(plain, folder("safetensors") / "model.safetensors", metadata={"format": "pt"})
    sharded = folder("safetensors-sharded")
    for key, number in {"a": 1, "b": 2}.items():
        save_file({key: ramp(number, 2)}, sharded / f"model-0000{number}-of-00002.safetensors")
    index = {"metadata": {"total_size": 24}, "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}
    (sharded / "model.safetensors.index.json").write_text(json.dumps(index))


torch_files()
hostile_files()
safetensors_files()
