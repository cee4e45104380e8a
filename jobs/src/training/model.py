"""The embedded model: LLaVA-UHD (144-query design), tiny sizes, with the tensor names of the published checkpoint.

Shapes: B pictures, S slices of a picture, P patches, Q queries (resampler windows), T tokens, H heads, E language width, D vision width.
Attention is written out: on a CPU the fused kernel's backward pass is several times slower at these sizes.
"""

import math
from dataclasses import dataclass, asdict

import torch
import torch.nn as nn
import torch.nn.functional as F

from slicing import MEAN, STD


@dataclass
class Config:
    image: int = 96
    patch: int = 8
    vision_width: int = 128
    vision_layers: int = 6
    vision_heads: int = 4
    vision_mlp: int = 512
    queries: int = 4  # per side
    width: int = 256
    layers: int = 4
    heads: int = 4
    mlp: int = 512
    vocab: int = 96

    def dict(self):
        return asdict(self)


def attend(q, k, v, mask=None):
    """(..., T, hd): softmax(q k / sqrt(hd)) v, written out."""
    a = torch.matmul(q * (q.shape[-1] ** -0.5), k.transpose(-1, -2))
    if mask is not None:
        a = a + mask
    return torch.matmul(a.softmax(-1), v)


# ---------------------------------------------------------------- vision


class VisionAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.k_proj, self.v_proj, self.q_proj, self.out_proj = (nn.Linear(d, d) for _ in range(4))

    def forward(self, x):
        b, t, d = x.shape
        w = torch.cat((self.q_proj.weight, self.k_proj.weight, self.v_proj.weight))
        bias = torch.cat((self.q_proj.bias, self.k_proj.bias, self.v_proj.bias))
        q, k, v = F.linear(x, w, bias).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        return self.out_proj(attend(q, k, v).transpose(1, 2).reshape(b, t, d))


class Mlp(nn.Module):
    def __init__(self, d, hidden):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(d, hidden), nn.Linear(hidden, d)

    def forward(self, x):
        x = self.fc1(x)
        return self.fc2(x * torch.sigmoid(1.702 * x))


class VisionLayer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.self_attn = VisionAttention(c.vision_width, c.vision_heads)
        self.layer_norm1 = nn.LayerNorm(c.vision_width, eps=1e-5)
        self.mlp = Mlp(c.vision_width, c.vision_mlp)
        self.layer_norm2 = nn.LayerNorm(c.vision_width, eps=1e-5)

    def forward(self, x):
        x = x + self.self_attn(self.layer_norm1(x))
        return x + self.mlp(self.layer_norm2(x))


class Embeddings(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.grid = c.image // c.patch
        self.class_embedding = nn.Parameter(torch.randn(c.vision_width) * 0.5)
        self.patch_embedding = nn.Conv2d(3, c.vision_width, c.patch, c.patch, bias=False)
        self.position_embedding = nn.Embedding(1 + self.grid**2, c.vision_width)

    def positions(self, hp, wp, crop):
        """The position rows for a grid; with crop, a random window of the table (training on small crops)."""
        table, g = self.position_embedding.weight, self.grid
        if (hp, wp) == (g, g):
            return table
        rows = table[1:].view(1, g, g, -1).permute(0, 3, 1, 2)
        if crop:
            y, x = int(torch.randint(0, g - hp + 1, (1,))), int(torch.randint(0, g - wp + 1, (1,)))
            rows = rows[:, :, y : y + hp, x : x + wp]
        else:
            rows = F.interpolate(rows.float(), (hp, wp), mode="bicubic", align_corners=False).to(table.dtype)
        return torch.cat((table[:1], rows.flatten(2)[0].t()))

    def forward(self, patches, grid, crop):
        """patches (B, P, 3*patch*patch), channel-major as the convolution's weight."""
        x = F.linear(patches, self.patch_embedding.weight.flatten(1))
        x = torch.cat((self.class_embedding.expand(x.shape[0], 1, -1), x), 1)
        return x + self.positions(*grid, crop)


class Encoder(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.layers = nn.ModuleList(VisionLayer(c) for _ in range(c.vision_layers))


class VisionModel(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embeddings = Embeddings(c)
        self.pre_layrnorm = nn.LayerNorm(c.vision_width, eps=1e-5)
        self.encoder = Encoder(c)
        self.run = self.layers

    def layers(self, x):
        for layer in self.encoder.layers:
            x = layer(x)
        return x

    def compile_layers(self):
        """Fuses the layers; nearly twice as fast on small crops, and one compilation serves all shapes."""
        self.run = torch.compile(self.layers, dynamic=True)

    def forward(self, patches, grid, crop=False):
        """Output of the last layer without the class token: (B, P, D)."""
        return self.run(self.pre_layrnorm(self.embeddings(patches, grid, crop)))[:, 1:]


class TowerOuter(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.vision_tower = inner


class TowerInner(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.vision_model = VisionModel(c)


# ---------------------------------------------------------------- resampler

POOLS = ((4, 2), (3, 2), (4, 3), (3, 3), (2, 4), (2, 3), (3, 4))


def pool_size(hp, wp):
    best, err = None, math.inf
    for w, h in POOLS:
        e = abs(math.log(wp / hp) - math.log(w / h))
        if e < err:
            best, err = (h, w), e
    return best


def roi_axis(length, windows, bins):
    """The RoIAlign weights of one axis: (windows * bins, length)."""
    step = length / windows
    m = torch.zeros(windows * bins, length, dtype=torch.float64)
    for wi in range(windows):
        a, b = (float(torch.tensor(v, dtype=torch.float32)) for v in (wi * step, (wi + 1) * step))
        size = max(b - a, 1.0) / bins
        g = math.ceil(size)
        for i in range(bins):
            for j in range(g):
                y = a + i * size + (j + 0.5) * size / g
                if y < -1 or y > length:
                    continue
                y = max(y, 0.0)
                lo = int(y)
                if lo >= length - 1:
                    m[wi * bins + i, length - 1] += 1 / g
                else:
                    m[wi * bins + i, lo] += (1 - (y - lo)) / g
                    m[wi * bins + i, lo + 1] += (y - lo) / g
    return m.float()


class ProjectorAttention(nn.Module):
    def __init__(self, e):
        super().__init__()
        self.in_proj_weight = nn.Parameter(torch.empty(3 * e, e))
        self.in_proj_bias = nn.Parameter(torch.zeros(3 * e))
        self.out_proj = nn.Linear(e, e)


class Projector(nn.Module):
    """Spatially constrained resampler: query (r, c) sees only the RoI-aligned window (r, c)."""

    def __init__(self, c):
        super().__init__()
        e, self.side = c.width, c.queries
        self.heads = max(1, e // 128)
        n = c.queries**2
        self.pos_embed = nn.Parameter(torch.randn(n, e) * 0.02)
        self.query = nn.Parameter(torch.randn(n, e) * 0.02)
        self.proj = nn.Parameter(torch.randn(e, e) * e**-0.5)
        self.kv_proj = nn.Linear(c.vision_width, e, bias=False)
        self.attn = ProjectorAttention(e)
        self.ln_q, self.ln_kv, self.ln_post = (nn.LayerNorm(e, eps=1e-6) for _ in range(3))
        self.cache = {}

    def axes(self, hp, wp, dtype):
        key = (hp, wp, dtype)
        if key not in self.cache:
            ph, pw = pool_size(hp, wp)
            self.cache[key] = (ph, pw, roi_axis(hp, self.side, ph).to(dtype), roi_axis(wp, self.side, pw).to(dtype))
        return self.cache[key]

    def forward(self, f, grid):
        """f (B, P, D) -> (B, Q, E)."""
        b, (hp, wp), e, s, h = f.shape[0], grid, self.proj.shape[0], self.side, self.heads
        hd = e // h
        x = self.ln_kv(self.kv_proj(f))
        pos = self.pos_embed.view(1, s, s, e).permute(0, 3, 1, 2)
        pos = F.interpolate(pos.float(), (hp, wp), mode="bicubic", align_corners=False).to(x.dtype)
        q = self.ln_q(self.query) + self.pos_embed
        ph, pw, ay, ax = self.axes(hp, wp, x.dtype)
        n = ph * pw

        def windows(m):  # (B, hp*wp, E) -> (B, Q, ph*pw, E)
            m = torch.matmul(ay, m.view(-1, hp, wp * e)).view(-1, s * ph, wp, e)
            m = torch.matmul(ax, m)  # (B, s*ph, s*pw, E)
            return m.view(-1, s, ph, s, pw, e).permute(0, 1, 3, 2, 4, 5).reshape(-1, s * s, n, e)

        keys = windows(x + pos.flatten(2).transpose(1, 2))
        values = windows(x)
        w, bias = self.attn.in_proj_weight, self.attn.in_proj_bias
        q = F.linear(q, w[:e], bias[:e]).view(1, s * s, h, 1, hd)
        k = F.linear(keys, w[e : 2 * e], bias[e : 2 * e]).view(b, s * s, n, h, hd).transpose(2, 3)
        v = F.linear(values, w[2 * e :], bias[2 * e :]).view(b, s * s, n, h, hd).transpose(2, 3)
        a = ((q * hd**-0.5) * k).sum(-1).softmax(-1)  # (B, Q, H, n)
        y = (a[..., None] * v).sum(-2).reshape(b, s * s, e)
        return self.ln_post(self.attn.out_proj(y)) @ self.proj


# ---------------------------------------------------------------- language


class RmsNorm(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))

    def forward(self, x):
        return F.rms_norm(x, (x.shape[-1],), self.weight, 1e-5)


def rotate(x, angles):
    a, b = x.chunk(2, -1)
    cos, sin = angles
    return torch.cat((a * cos - b * sin, a * sin + b * cos), -1)


class LmAttention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.o_proj = (nn.Linear(d, d, bias=False) for _ in range(4))

    def forward(self, x, angles, mask, cache):
        b, t, d = x.shape
        w = torch.cat((self.q_proj.weight, self.k_proj.weight, self.v_proj.weight))
        q, k, v = F.linear(x, w).view(b, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        q, k = rotate(q, angles), rotate(k, angles)
        if cache is not None:
            if cache:
                k, v = torch.cat((cache[0], k), 2), torch.cat((cache[1], v), 2)
            cache[:] = [k, v]
        return self.o_proj(attend(q, k, v, mask).transpose(1, 2).reshape(b, t, d))


class LmMlp(nn.Module):
    def __init__(self, d, hidden):
        super().__init__()
        self.gate_proj, self.up_proj = nn.Linear(d, hidden, bias=False), nn.Linear(d, hidden, bias=False)
        self.down_proj = nn.Linear(hidden, d, bias=False)

    def forward(self, x):
        a, b = F.linear(x, torch.cat((self.gate_proj.weight, self.up_proj.weight))).chunk(2, -1)
        return self.down_proj(F.silu(a) * b)


class LmLayer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.self_attn = LmAttention(c.width, c.heads)
        self.mlp = LmMlp(c.width, c.mlp)
        self.input_layernorm, self.post_attention_layernorm = RmsNorm(c.width), RmsNorm(c.width)

    def forward(self, x, angles, mask, cache):
        x = x + self.self_attn(self.input_layernorm(x), angles, mask, cache)
        return x + self.mlp(self.post_attention_layernorm(x))


class Inner(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.embed_tokens = nn.Embedding(c.vocab, c.width)
        self.layers = nn.ModuleList(LmLayer(c) for _ in range(c.layers))
        self.norm = RmsNorm(c.width)
        self.mm_projector = Projector(c)
        self.vision_tower = TowerOuter(TowerInner(c))


# Channels of the dense heads on the patch features (dropped at export); sizes in heads.py.
PATCH_HEADS = 13 + 8 + 4 + 4 + 1 + 1 + 40 + 24 + 20
TOKEN_HEADS = 3 + 12 + 8 + 4 + 4 + 1 + 40
SCENE_HEADS = (12 + 8 + 4) * 5 + 5


class Heads(nn.Module):
    """Training-only read-outs: of patch features, of visual tokens, and of the last prompt position."""

    def __init__(self, c):
        super().__init__()
        self.patch_norm, self.token_norm = nn.LayerNorm(c.vision_width), nn.LayerNorm(c.width)
        self.patch = nn.Linear(c.vision_width, PATCH_HEADS)
        self.token = nn.Linear(c.width, TOKEN_HEADS)
        self.scene = nn.Linear(c.width, SCENE_HEADS)

    def patches(self, f):
        return self.patch(self.patch_norm(f))

    def tokens(self, t):
        return self.token(self.token_norm(t))


class Model(nn.Module):
    def __init__(self, c, vocabulary):
        super().__init__()
        self.c, self.v = c, vocabulary
        self.model = Inner(c)
        self.heads = Heads(c)
        initialise(self)

    @property
    def vision(self):
        return self.model.vision_tower.vision_tower.vision_model

    def angles(self, positions, dtype):
        half = self.c.width // self.c.heads // 2
        f = 10000 ** (-torch.arange(0, half).float() / half)
        a = positions.float()[:, None] * f
        return a.cos().to(dtype), a.sin().to(dtype)

    def run(self, x, positions, mask, caches=None):
        angles = self.angles(positions, x.dtype)
        for i, layer in enumerate(self.model.layers):
            x = layer(x, angles, mask, None if caches is None else caches[i])
        return self.model.norm(x)

    def logits(self, x):
        return F.linear(x, self.model.embed_tokens.weight).float()

    def encode(self, batch):
        """-> BOS and visual tokens (B, T, E), overview tokens, slice tokens (B, S, Q, E), overview patches, slice patches."""
        embed, v = self.model.embed_tokens.weight, self.v
        over = self.vision(batch["overview"], batch["overview_grid"], batch.get("crop", False))
        b = over.shape[0]
        over_tokens = self.model.mm_projector(over, batch["overview_grid"])
        cols, rows = batch["layout"]
        parts, patches, tokens = [embed[v.bos].expand(b, 1, -1)], None, None
        if cols * rows:
            with torch.set_grad_enabled(torch.is_grad_enabled() and batch.get("slice_gradient", True)):
                patches = self.vision(batch["slices"], batch["slice_grid"])
            tokens = self.model.mm_projector(patches, batch["slice_grid"]).view(b, rows * cols, -1, self.c.width)
            for j in range(rows * cols):
                last = (j + 1) % cols == 0
                parts += [tokens[:, j], embed[v.newline if last else v.comma].expand(b, 1, -1)]
        parts.append(over_tokens)
        return torch.cat(parts, 1), over_tokens, tokens, over, patches

    def forward(self, batch):
        """Training: the caption branch and the label branch share the visual tokens; neither sees the other."""
        v, embed = self.v, self.model.embed_tokens
        visual, over_tokens, tokens, over, patches = self.encode(batch)
        b, t, _ = visual.shape
        caption = batch["caption"]
        ids = torch.cat((torch.tensor(v.describe).expand(b, -1), caption[:, :-1], torch.tensor(v.forbidden).expand(b, -1)), 1)
        x = torch.cat((visual, embed(ids)), 1)
        n, nl = x.shape[1], len(v.forbidden)
        positions = torch.cat((torch.arange(n - nl), torch.arange(t, t + nl)))
        mask = torch.ones(n, n, dtype=torch.bool).tril()
        mask[n - nl :, t : n - nl] = False
        x = self.run(x, positions, torch.zeros(n, n, dtype=x.dtype).masked_fill(~mask, float("-inf")))
        first = t + len(v.describe) - 1
        return dict(
            caption=self.logits(x[:, first : n - nl]),
            label=self.logits(x[:, n - 1]),
            scene=self.heads.scene(x[:, first]).float(),
            over_tokens=over_tokens,
            tokens=tokens,
            over=over,
            patches=patches,
        )

    @torch.no_grad()
    def generate(self, batch, limit=48):
        """-> greedy caption ids (B, n), label logits (B, 4)."""
        v, embed = self.v, self.model.embed_tokens
        visual = self.encode(batch)[0]
        b, t, _ = visual.shape
        caches = [[] for _ in self.model.layers]
        causal = lambda n: torch.full((n, n), float("-inf"), dtype=visual.dtype).triu(1)
        self.run(visual, torch.arange(t), causal(t), caches)
        base = [list(c) for c in caches]

        def step(ids, start, cc):
            n = ids.shape[1]
            mask = torch.cat((torch.zeros(n, start, dtype=visual.dtype), causal(n)), 1)
            return self.logits(self.run(embed(ids), torch.arange(start, start + n), mask, cc)[:, -1])

        label = step(torch.tensor(v.forbidden).expand(b, -1), t, [list(c) for c in base])[:, v.labels]
        ids, start, out, done = torch.tensor(v.describe).expand(b, -1), t, [], torch.zeros(b, dtype=torch.bool)
        for _ in range(limit):
            nxt = step(ids, start, caches).argmax(-1)
            start += ids.shape[1]
            ids = nxt[:, None]
            out.append(nxt)
            done |= nxt == v.eos
            if done.all():
                break
        return torch.stack(out, 1), label


# ---------------------------------------------------------------- start values


def sincos(d, g, amplitude):
    """A smooth sinusoid start of the learned position table: (g*g, d)."""
    f = 2 * math.pi / torch.logspace(math.log10(3.0), math.log10(40.0), d // 4)
    t = torch.arange(g).float()[:, None] * f
    e = torch.cat((t.sin(), t.cos()), 1)
    y, x = e[:, None].expand(g, g, -1), e[None].expand(g, g, -1)
    return amplitude * torch.cat((y, x), -1).reshape(g * g, d)


NEIGHBOURS = (
    ((0, 1), (0, -1), (1, 0), (-1, 0)),
    ((1, 1), (1, -1), (-1, 1), (-1, -1)),
    ((0, 2), (0, -2), (2, 0), (-2, 0)),
    ((0, 1), (0, -1), (1, 0), (-1, 0)),
    ((2, 2), (2, -2), (-2, 2), (-2, -2)),
)


@torch.no_grad()
def initialise(m):
    c = m.c
    for mod in m.modules():
        if isinstance(mod, nn.Linear):
            nn.init.normal_(mod.weight, std=min(0.05, 0.6 / math.sqrt(mod.in_features)))
            if mod.bias is not None:
                nn.init.zeros_(mod.bias)
    nn.init.normal_(m.model.embed_tokens.weight, std=0.02)
    nn.init.normal_(m.model.mm_projector.attn.in_proj_weight, std=0.6 / math.sqrt(c.width))
    emb = m.vision.embeddings
    nn.init.normal_(emb.patch_embedding.weight, std=0.043)
    emb.position_embedding.weight[1:] = sincos(c.vision_width, emb.grid, 0.5)
    emb.position_embedding.weight[0] = 0
    # A convolution-like start: with sinusoid positions, keys select position channels and queries the same channels rotated
    # by an offset, so that each head first looks at one neighbour.
    d = c.vision_width
    quarter, hd = d // 4, d // c.vision_heads
    freq = 2 * math.pi / torch.logspace(math.log10(3.0), math.log10(40.0), quarter)
    pick = torch.linspace(0, quarter * 0.85 - 1, hd // 4).round().long().tolist()
    for layer, offsets in zip(m.vision.encoder.layers, NEIGHBOURS):
        wq, wk = layer.self_attn.q_proj.weight, layer.self_attn.k_proj.weight
        wq.mul_(0.5)
        wk.mul_(0.5)
        for h in range(c.vision_heads):
            oy, ox = offsets[h % 4]
            for t, i in enumerate(pick):
                for a, (o, base) in enumerate(((oy, 0), (ox, 2 * quarter))):
                    si, ci, r, gain = base + i, base + quarter + i, h * hd + t * 4 + a * 2, 2.0
                    cos, sin = math.cos(freq[i] * o), math.sin(freq[i] * o)
                    wk[r, si] += gain
                    wk[r + 1, ci] += gain
                    wq[r, si] += gain * cos
                    wq[r, ci] += gain * sin
                    wq[r + 1, ci] += gain * cos
                    wq[r + 1, si] -= gain * sin
    for layer in m.vision.encoder.layers:
        for w in (layer.self_attn.out_proj.weight, layer.mlp.fc2.weight):
            nn.init.normal_(w, std=0.04 / math.sqrt(2 * c.vision_layers))


def patchify(pixels, patch, dtype):
    """uint8 (B, h, w, 3) -> normalised patches (B, P, 3*patch*patch), channel-major."""
    b, h, w, _ = pixels.shape
    x = ((pixels.float() / 255 - MEAN) / STD).to(dtype)
    x = x.view(b, h // patch, patch, w // patch, patch, 3).permute(0, 1, 3, 5, 2, 4)
    return x.reshape(b, (h // patch) * (w // patch), 3 * patch * patch)
