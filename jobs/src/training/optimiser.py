"""Muon on the hidden matrices, AdamW on the rest; float32 masters of a bf16 model."""

import torch


def orthogonalise(g):
    """Newton-Schulz iteration on a stack of matrices."""
    x = g.bfloat16()
    tall = x.size(-2) > x.size(-1)
    if tall:
        x = x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        a = x @ x.mT
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.mT if tall else x


def is_matrix(name, p):
    if name.startswith("heads.") or "embed_tokens" in name or "position_embedding" in name or "layernorm" in name:
        return False
    if name.endswith("patch_embedding.weight"):
        return True
    return p.ndim == 2 and ("layers." in name or name.split(".")[-2] == "kv_proj" or name.endswith(("in_proj_weight", "out_proj.weight", "mm_projector.proj")))


class Optimiser:
    def __init__(self, model, lr, muon_lr, decay=0.02, vision_rate=1.0, masters=None):
        self.names = [n for n, _ in model.named_parameters()]
        self.ps = [p for _, p in model.named_parameters()]
        self.m = masters or [p.detach().float().clone() for p in self.ps]
        self.lr, self.muon_lr, self.decay, self.t = lr, muon_lr, decay, 0
        self.matrices = [i for i, (n, p) in enumerate(zip(self.names, self.ps)) if is_matrix(n, p)]
        hidden = set(self.matrices)
        self.rest = [i for i in range(len(self.ps)) if i not in hidden]
        self.rate = [vision_rate if "vision_tower" in n else 1.0 for n in self.names]
        # A fused in_proj must be orthogonalised in its three parts: jointly, v's large gradient starves q and k.
        self.chunks = {i: 3 if "in_proj" in self.names[i] else 1 for i in self.matrices}
        self.e1 = [torch.zeros_like(m) for m in self.m]
        self.e2 = [torch.zeros_like(m) if i not in hidden else None for i, m in enumerate(self.m)]

    def state(self):
        return dict(m=dict(zip(self.names, self.m)), e1=dict(zip(self.names, self.e1)), e2={n: e for n, e in zip(self.names, self.e2) if e is not None}, t=self.t)

    def load(self, s, moments=True):
        for i, n in enumerate(self.names):
            if n in s["m"] and s["m"][n].shape == self.m[i].shape:
                self.m[i].copy_(s["m"][n])
                if moments:
                    self.e1[i].copy_(s["e1"][n])
                    if self.e2[i] is not None:
                        self.e2[i].copy_(s["e2"][n])
        if moments:
            self.t = s["t"]
        self.publish()

    def learn(self, module):
        """Only this module's parameters change from now on."""
        learning = {id(p) for p in module.parameters()}
        for p in self.ps:
            p.requires_grad_(id(p) in learning)

    def publish(self):
        for p, m in zip(self.ps, self.m):
            p.data.copy_(m)
            p.grad = None

    @torch.no_grad()
    def step(self, factor, clip=1.0):
        self.t += 1
        gs = [p.grad.float() if p.grad is not None else torch.zeros_like(m) for p, m in zip(self.ps, self.m)]
        norm = torch.sqrt(sum(n.pow(2) for n in torch._foreach_norm(gs)))
        if not torch.isfinite(norm):
            self.publish()
            return float(norm)
        scale = min(1.0, clip / (float(norm) + 1e-6))
        b1, b2, lr = 0.9, 0.98, self.lr * factor
        rest = [i for i in self.rest if self.ps[i].requires_grad]
        g = [gs[i] * scale for i in rest]
        m1, m2, w = ([x[i] for i in rest] for x in (self.e1, self.e2, self.m))
        torch._foreach_lerp_(m1, g, 1 - b1)
        torch._foreach_mul_(m2, b2)
        torch._foreach_addcmul_(m2, g, g, 1 - b2)
        den = torch._foreach_sqrt(torch._foreach_div(m2, 1 - b2**self.t))
        torch._foreach_add_(den, 1e-8)
        torch._foreach_addcdiv_(w, m1, den, value=-lr / (1 - b1**self.t))
        by_shape = {}
        for i in (i for i in self.matrices if self.ps[i].requires_grad):
            self.e1[i].lerp_(gs[i], 0.05)
            u = gs[i].lerp(self.e1[i], 0.95).flatten(1)
            for part, target in zip(u.chunk(self.chunks[i]), self.m[i].flatten(1).chunk(self.chunks[i])):
                by_shape.setdefault(tuple(part.shape), []).append((i, part, target))
        for shape, entries in by_shape.items():
            updates = orthogonalise(torch.stack([e[1] for e in entries])).float()
            for (i, _, target), u in zip(entries, updates):
                rate = self.muon_lr * factor * self.rate[i]
                target.mul_(1 - rate * self.decay).add_(u, alpha=-rate * max(1, shape[0] / shape[1]) ** 0.5)
        self.publish()
        return float(norm)
