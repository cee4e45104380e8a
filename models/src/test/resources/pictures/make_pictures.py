"""Makes the picture fixtures with Pillow: python3 make_pictures.py (needs Pillow and numpy; tests do not).

decode/NAME.(jpg|png|webp) with decode/NAME.rgb.png: what Image.open(NAME).convert("RGB") gives (for
NAME = *-exif*, after ImageOps.exif_transpose; of grey-16bit the high bytes, docs/decisions/0014). resize/WxH-wxh.png with resize/….from.png: BICUBIC.
"""
import io, os, struct, zlib
import numpy as np
from PIL import Image, ImageOps

HERE = os.path.dirname(os.path.abspath(__file__))
rng = np.random.default_rng(20261120)


def scene(w, h):
    """Gradients, edges and noise."""
    y, x = np.mgrid[0:h, 0:w]
    a = np.stack([x * 255 // max(w - 1, 1), y * 255 // max(h - 1, 1), (x * 7 + y * 13) % 256], -1)
    a[h // 4 : h // 2, w // 4 : w // 2] = [250, 10, 30]
    a[h // 2 :, w // 2 :] = rng.integers(0, 256, a[h // 2 :, w // 2 :].shape)
    return a.astype(np.uint8)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(w, h, depth, kind, rows, *extra):
    raw = b"".join(b"\0" + r for r in rows)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, depth, kind, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(orientation):
    e = Image.Exif()
    e[0x0112] = orientation
    return e


def put(name, data):
    os.makedirs(os.path.join(HERE, "decode"), exist_ok=True)
    with open(os.path.join(HERE, "decode", name), "wb") as f:
        f.write(data)
    image = Image.open(io.BytesIO(data))
    if "-exif" in name:
        image = ImageOps.exif_transpose(image)
    if name == "grey-16bit.png":
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    image.convert("RGB").save(os.path.join(HERE, "decode", name + ".rgb.png"), optimize=True)


def adam7(a):
    h, w, _ = a.shape
    raw = b""
    for x0, y0, dx, dy in ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)):
        part = a[y0::dy, x0::dx]
        if part.size:
            raw += b"".join(b"\0" + row.tobytes() for row in part)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", w, h, 8, 2, 0, 0, 1))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


W, H = 45, 31
rgb = scene(W, H)
image = Image.fromarray(rgb)
alpha = np.dstack([rgb, (np.arange(W * H).reshape(H, W) % 256).astype(np.uint8)])
rgba = Image.fromarray(alpha)
grey = image.convert("L")

put("baseline.jpg", saved(image, "JPEG", quality=90))
put("baseline-444.jpg", saved(image, "JPEG", quality=90, subsampling=0))
put("baseline-422.jpg", saved(image, "JPEG", quality=90, subsampling=1))
put("progressive.jpg", saved(image, "JPEG", quality=80, progressive=True))
put("restarts.jpg", saved(image, "JPEG", quality=80, restart_marker_blocks=2))
put("grey.jpg", saved(grey, "JPEG", quality=90))
cmyk = saved(image.convert("CMYK"), "JPEG", quality=90)
put("cmyk.jpg", cmyk)
put("cmyk-progressive.jpg", saved(image.convert("CMYK"), "JPEG", quality=90, progressive=True))
at = cmyk.index(b"Adobe")
put("ycck.jpg", cmyk[: at + 11] + b"\2" + cmyk[at + 12 :])
put("cmyk-no-adobe.jpg", cmyk[: at - 4] + cmyk[at - 2 + struct.unpack(">H", cmyk[at - 2 : at])[0] :])
put("rgb-adobe.jpg", saved(image, "JPEG", quality=90, keep_rgb=True))
put("trailing-bytes.jpg", saved(image, "JPEG", quality=90) + b"after the end")
for o in range(1, 9):
    put(f"upright{o}-exif.jpg", saved(Image.fromarray(scene(19, 11)), "JPEG", quality=95, exif=exif(o)))

put("rgb.png", saved(image, "PNG"))
put("rgb-interlaced.png", adam7(rgb))
put("rgba.png", saved(rgba, "PNG"))
put("grey.png", saved(grey, "PNG"))
put("grey-alpha.png", saved(rgba.convert("LA"), "PNG"))
put("palette.png", saved(image.quantize(200), "PNG"))
put("palette-16.png", saved(image.quantize(16), "PNG", bits=4))
put("palette-transparent.png", saved(image.quantize(100), "PNG", transparency=bytes(range(100))))
put("rgb-transparent.png", saved(image, "PNG", transparency=(250, 10, 30)))
put("bits.png", saved(grey.convert("1"), "PNG"))
for depth in (2, 4):
    packed = [bytes(rng.integers(0, 256, (W * depth + 7) // 8).astype(np.uint8)) for _ in range(H)]
    put(f"grey-{depth}bit.png", png(W, H, depth, 0, packed))
for name, kind, n in (("grey-16bit", 0, 1), ("rgb-16bit", 2, 3), ("grey-alpha-16bit", 4, 2), ("rgba-16bit", 6, 4)):
    rows = [rng.integers(0, 65536, W * n).astype(">u2") for _ in range(H)]
    rows[0][: min(600, W * n)] = np.arange(min(600, W * n)) * 5
    put(f"{name}.png", png(W, H, 16, kind, [r.tobytes() for r in rows]))
put("upright6-exif.png", saved(Image.fromarray(scene(19, 11)), "PNG", exif=exif(6)))
put("animated.png", saved(image, "PNG", save_all=True, append_images=[ImageOps.invert(image)]))
gamma = chunk(b"gAMA", struct.pack(">I", 100000))
put("gamma.png", png(W, H, 8, 2, [r.tobytes() for r in rgb], gamma))

put("lossy.webp", saved(image, "WEBP", quality=80))
put("lossless.webp", saved(image, "WEBP", lossless=True))
put("lossy-alpha.webp", saved(rgba, "WEBP", quality=80))
put("lossless-alpha.webp", saved(rgba, "WEBP", lossless=True))
put("lossless-alpha-exact.webp", saved(rgba, "WEBP", lossless=True, exact=True))
put("upright8-exif.webp", saved(Image.fromarray(scene(19, 11)), "WEBP", lossless=True, exif=exif(8)))
put("animated.webp", saved(image, "WEBP", save_all=True, append_images=[ImageOps.invert(image)], lossless=True))
put("animated-lossy.webp", saved(image, "WEBP", save_all=True, append_images=[ImageOps.invert(image)]))
put("animated-alpha.webp", saved(rgba, "WEBP", save_all=True, append_images=[ImageOps.invert(image).convert("RGBA")], lossless=True))

moved = bytearray(saved(image, "WEBP", save_all=True, append_images=[ImageOps.invert(image)], lossless=True))
moved[24:30] = struct.pack("<I", 59)[:3] + struct.pack("<I", 39)[:3]  # canvas 60x40
at = moved.index(b"ANMF") + 8
moved[at : at + 6] = struct.pack("<I", 2)[:3] + struct.pack("<I", 3)[:3]  # frame at 4,6
put("animated-offset.webp", bytes(moved))

os.makedirs(os.path.join(HERE, "resize"), exist_ok=True)
for w, h, to_w, to_h in (
    (61, 47, 20, 15), (61, 47, 61, 13), (61, 47, 17, 47), (13, 9, 40, 31), (13, 9, 13, 40), (5, 5, 1, 1),
    (1, 1, 7, 5), (1, 40, 3, 9), (40, 1, 9, 3), (1, 40, 1, 7), (97, 3, 14, 28), (64, 64, 63, 65), (200, 11, 3, 2), (2, 3, 28, 42),
):
    source = Image.fromarray(scene(w, h))
    name = os.path.join(HERE, "resize", f"{w}x{h}-{to_w}x{to_h}")
    source.save(name + ".from.png", optimize=True)
    source.resize((to_w, to_h), Image.Resampling.BICUBIC).save(name + ".png", optimize=True)
