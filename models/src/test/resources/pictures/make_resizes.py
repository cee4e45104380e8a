"""Records torch's uint8 resizes: python3 make_resizes.py [N] > resize/torch.csv (needs torch and numpy; tests do not).

Lines filter,width,height,toWidth,toHeight,CRC-32 of the RGB bytes. The picture's byte i is bits 16 to 23 of
i * 2654435761 modulo 2^32. One channels-last batch of one, antialias on, as Hugging Face's default processors resize.
"""
import sys, zlib
import numpy as np
import torch

rng = np.random.default_rng(20261121)
MODES = {"LANCZOS": "lanczos", "BILINEAR": "bilinear", "BICUBIC": "bicubic"}
SIDES = [1, 2, 3, 7, 16, 64, 200, 400]


def picture(w, h):
    i = np.arange(3 * w * h, dtype=np.uint64)
    return ((i * np.uint64(2654435761) >> np.uint64(16)) & np.uint64(255)).astype(np.uint8).reshape(1, h, w, 3)


def resized(w, h, to_w, to_h, mode):
    x = torch.from_numpy(picture(w, h)).permute(0, 3, 1, 2)  # channels last
    y = torch.nn.functional.interpolate(x, size=(to_h, to_w), mode=mode, antialias=True, align_corners=False)
    return y.permute(0, 2, 3, 1).contiguous().numpy().tobytes()


for n in range(int(sys.argv[1]) if len(sys.argv) > 1 else 15):
    limit = SIDES[n % len(SIDES)]
    w, h, to_w, to_h = (int(rng.integers(1, limit + 40)) for _ in range(4))
    for name, mode in MODES.items():
        print(name, w, h, to_w, to_h, "%08x" % zlib.crc32(resized(w, h, to_w, to_h, mode)), sep=",")
