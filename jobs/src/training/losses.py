"""Dense supervision (dropped at export). Channels of a patch label D (uint8, 29): 0 kind+1, 1 colour, 2 pattern, 3 tag, 4 forbidden,
5 item centre, 6 leftmost digit+1, 7 rightmost digit+1, 8 its index, 9..24 occupancy 4x4, 25..28 offset and size of the item (int8, /32)."""

import torch
import torch.nn.functional as F

FORBIDDEN_WEIGHT = torch.tensor([1.0, 3.0, 3.0, 3.0])


def patch_losses(z, labels, tags, fine=True):
    """z (B, P, 115) read-outs, labels (B, P, 29) uint8, tags (B, 4). fine: digits and forbidden items can be seen at this scale."""
    p = z.shape[1]
    z = z.float().flatten(0, 1)
    d = labels.reshape(-1, 29)
    box, occupied = d[:, 25:].contiguous().view(torch.int8).float() / 32, d[:, 9:25].float()
    d = d[:, :9].long()
    on = d[:, 0] > 0
    out = dict(mask=F.cross_entropy(z[:, :13], d[:, 0]), occ=F.binary_cross_entropy_with_logits(z[:, 95:111], occupied) * 2)
    if on.any():
        zo, do = z[on], d[on]
        out["reg"] = F.smooth_l1_loss(zo[:, 111:], box[on], beta=0.25) * 2
        out["kind"] = F.cross_entropy(zo[:, 1:13], do[:, 0] - 1)
        out["col"] = F.cross_entropy(zo[:, 13:21], do[:, 1])
        out["pat"] = F.cross_entropy(zo[:, 21:25], do[:, 2])
    out["cen"] = F.binary_cross_entropy_with_logits(z[:, 29], d[:, 5].float(), pos_weight=torch.tensor(4.0))
    out["tagm"] = F.binary_cross_entropy_with_logits(z[:, 30], d[:, 3].float())
    if fine:
        out["forb"] = F.cross_entropy(z[:, 25:29], d[:, 4], weight=FORBIDDEN_WEIGHT) * 2
        f = d[:, 4] > 0
        if f.any():
            out["forbk"] = F.cross_entropy(z[f][:, 26:29], d[f][:, 4] - 1)
        t = d[:, 3] > 0
        if t.any():
            out["dig"] = F.cross_entropy(z[t][:, 31:71].reshape(-1, 10), tags.repeat_interleave(p, 0)[t].reshape(-1))
        t = d[:, 6] > 0
        if t.any():
            zt, y = z[t][:, 71:95], d[t]
            out["loc"] = 0.5 * (F.cross_entropy(zt[:, :10], y[:, 6] - 1) + F.cross_entropy(zt[:, 10:20], y[:, 7] - 1))
            out["idx"] = 0.5 * F.cross_entropy(zt[:, 20:], y[:, 8])
    return out


def token_losses(z, y, fine=True):
    """z (N, 72) read-outs of visual tokens, y (N, 9) uint8: centres in the window (0..2), kind, colour, pattern, forbidden, tag, 4 digits -> see labels.py."""
    z, y = z.float(), y.long()
    out = dict(tcount=F.cross_entropy(z[:, :3], y[:, 0]))
    on = y[:, 0] > 0
    if on.any():
        zo, yo = z[on], y[on]
        out["tkind"] = F.cross_entropy(zo[:, 3:15], yo[:, 1])
        out["tcol"] = F.cross_entropy(zo[:, 15:23], yo[:, 2])
        out["tpat"] = F.cross_entropy(zo[:, 23:27], yo[:, 3])
    if fine:
        out["tforb"] = F.cross_entropy(z[:, 27:31], y[:, 4], weight=FORBIDDEN_WEIGHT)
        out["ttag"] = F.binary_cross_entropy_with_logits(z[:, 31], y[:, 5].float())
        t = y[:, 5] > 0
        if t.any():
            out["tdig"] = F.cross_entropy(z[t][:, 32:].reshape(-1, 10), y[t][:, 6:10].reshape(-1))
    return out


def scene_losses(z, counts):
    """z (B, 125): how many of each kind, colour, pattern (0..4) and in all; counts (B, 25) int64."""
    b = z.shape[0]
    return dict(scount=F.cross_entropy(z.view(b * 25, 5), counts.reshape(-1)) * 4)
