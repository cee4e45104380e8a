"""Writes a checkpoint as a model folder, and a trace that another implementation can check itself against.

python export.py CHECKPOINT MODEL_FOLDER [PICTURE.png TRACE_FOLDER]
"""

import json
import os
import shutil
import sys

import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from model import Config, Model, patchify
from slicing import MAX_SLICES, MEAN, STD, cut, plan
from vocabulary import LABELS, TOKENS, Vocabulary, tokenizer

VERSION = "3"


def config(c):
    return {
        "architectures": ["LlavaLlamaForCausalLM"],
        "model_type": "llava_llama",
        "torch_dtype": "bfloat16",
        "vocab_size": c.vocab,
        "hidden_size": c.width,
        "intermediate_size": c.mlp,
        "num_hidden_layers": c.layers,
        "num_attention_heads": c.heads,
        "num_key_value_heads": c.heads,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "max_position_embeddings": 512,
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "bos_token_id": Vocabulary.bos,
        "eos_token_id": Vocabulary.eos,
        "pad_token_id": Vocabulary.pad,
        "mm_hidden_size": c.vision_width,
        "mm_vision_select_layer": -1,
        "mm_vision_select_feature": "patch",
        "mm_projector_type": "adapt_spatial_resampler",
        "mm_patch_merge_type": "flat",
        "image_aspect_ratio": "pad",
        "mm_use_im_start_end": False,
        "mm_use_im_patch_token": False,
        "use_mm_proj": True,
        "tokenizer_padding_side": "right",
        "tokenizer_model_max_length": 512,
        "vision_config": {
            "hidden_size": c.vision_width,
            "intermediate_size": c.vision_mlp,
            "num_hidden_layers": c.vision_layers,
            "num_attention_heads": c.vision_heads,
            "image_size": c.image,
            "patch_size": c.patch,
            "num_channels": 3,
            "layer_norm_eps": 1e-5,
            "hidden_act": "quick_gelu",
        },
        "sluice": {
            "max_slices": MAX_SLICES,
            "pre_resize": 0,
            "conversation": "plain",
            "comma_token_id": Vocabulary.comma,
            "newline_token_id": Vocabulary.newline,
            "caption_prompt": "describe:",
            "version": VERSION,
        },
    }


def write(path, value):
    with open(path, "w") as f:
        json.dump(value, f, indent=2, ensure_ascii=False)
        f.write("\n")


def export(masters, folder):
    c = Config(vocab=len(TOKENS))
    os.makedirs(folder, exist_ok=True)
    weights = {n: p.to(torch.bfloat16).contiguous() for n, p in masters.items() if not n.startswith("heads.")}
    save_file(weights, f"{folder}/model.safetensors", metadata={"format": "pt"})
    os.chmod(f"{folder}/model.safetensors", 0o644)
    write(f"{folder}/config.json", config(c))
    write(
        f"{folder}/preprocessor_config.json",
        {
            "image_processor_type": "CLIPImageProcessor",
            "do_resize": False,
            "do_center_crop": False,
            "do_rescale": True,
            "rescale_factor": 1 / 255,
            "do_normalize": True,
            "do_convert_rgb": True,
            "resample": 3,
            "size": {"shortest_edge": c.image},
            "crop_size": {"height": c.image, "width": c.image},
            "image_mean": [round(float(v), 8) for v in MEAN],
            "image_std": [round(float(v), 8) for v in STD],
        },
    )
    write(f"{folder}/generation_config.json", {"do_sample": False, "max_new_tokens": 48, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0})
    tokenizer().save(f"{folder}/tokenizer.json")
    write(
        f"{folder}/tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": "<s>",
            "eos_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
            "add_bos_token": False,
            "add_eos_token": False,
            "clean_up_tokenization_spaces": False,
            "model_max_length": 512,
        },
    )


def load(folder):
    """The exported folder as a float32 model."""
    m = Model(Config(vocab=len(TOKENS)), Vocabulary).float()
    missing, unexpected = m.load_state_dict({k: v.float() for k, v in load_file(f"{folder}/model.safetensors").items()}, strict=False)
    assert not unexpected and all(k.startswith("heads.") for k in missing), (missing, unexpected)
    return m.eval()


def inputs(picture, dtype=torch.float32, max_slices=MAX_SLICES, overview_only=False):
    p = plan(*picture.size, max_slices=max_slices)
    over, slices = cut(picture, p)
    grid = lambda t: (t.shape[-3] // 8, t.shape[-2] // 8)
    batch = dict(overview=patchify(over[None], 8, dtype), overview_grid=grid(over), layout=(0, 0))
    if slices is not None and not overview_only:
        batch.update(slices=patchify(slices, 8, dtype), slice_grid=grid(slices), layout=(p["cols"], p["rows"]))
    return p, batch


def trace(folder, png, out):
    m, picture = load(folder), Image.open(png).convert("RGB")
    p, batch = inputs(picture)
    with torch.no_grad():
        visual, over_tokens, tokens, over, patches = m.encode(batch)
        ids, label = m.generate(batch)
    ids = ids[0].tolist()
    ids = ids[: ids.index(Vocabulary.eos)] if Vocabulary.eos in ids else ids
    vision, language = check(m, batch, over, visual)
    os.makedirs(out, exist_ok=True)
    target = f"{out}/scene.png"
    if os.path.abspath(png) != os.path.abspath(target):
        shutil.copyfile(png, target)
    r = lambda t: [round(v, 6) for v in t.tolist()]
    write(
        f"{out}/expected.json",
        {
            "picture": "scene.png",
            "width": picture.width,
            "height": picture.height,
            "plan": {"columns": p["cols"], "rows": p["rows"], "slice": list(p["slice"]), "overview": list(p["overview"])},
            "caption_prompt": "describe:",
            "caption_prompt_ids": Vocabulary.describe,
            "caption_ids": ids,
            "caption": tokenizer().decode(ids),
            "label_prompt": "forbidden?",
            "label_prompt_ids": Vocabulary.forbidden,
            "labels": dict(zip(LABELS, r(label[0].softmax(-1)))),
            "overview_patches_first4": r(over[0, 0, :4]),
            "overview_tokens_first4": r(over_tokens[0, 0, :4]),
            "slice0_patches_first4": r(patches[0, 0, :4]),
            "slice0_tokens_first4": r(tokens[0, 0, 0, :4]),
            "visual_tokens": visual.shape[1] - 1,
            "dtype": "float32 (weights as stored, widened)",
        },
    )
    print("vision against Hugging Face CLIP", vision, "language against Hugging Face Llama", language)


def check(m, batch, over, visual):
    """The largest differences to the Hugging Face implementations of the two towers."""
    from transformers import CLIPVisionConfig, CLIPVisionModel, LlamaConfig, LlamaForCausalLM

    c = config(m.c)
    v = CLIPVisionModel(CLIPVisionConfig(**c["vision_config"])).eval()
    prefix = "model.vision_tower.vision_tower."
    own = {k.removeprefix(prefix): t for k, t in m.state_dict().items() if k.startswith(prefix)}
    names = set(v.state_dict())
    own = {k if k in names else k.removeprefix("vision_model."): t for k, t in own.items()}
    missing, unexpected = v.load_state_dict(own, strict=False)
    assert not unexpected and all("post_layernorm" in k for k in missing), (missing, unexpected)
    hp, wp = batch["overview_grid"]
    pixels = batch["overview"].view(1, hp, wp, 3, 8, 8).permute(0, 3, 1, 4, 2, 5).reshape(1, 3, hp * 8, wp * 8)
    with torch.no_grad():
        h = v(pixels, output_hidden_states=True, interpolate_pos_encoding=True).hidden_states[-1][:, 1:]
    keys = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "rms_norm_eps", "max_position_embeddings")
    lm = LlamaForCausalLM(LlamaConfig(**{k: c[k] for k in keys}, rope_theta=10000.0, tie_word_embeddings=True)).eval()
    own = {k: t for k, t in m.state_dict().items() if k in lm.state_dict()}
    lm.load_state_dict(own | {"lm_head.weight": own["model.embed_tokens.weight"]})
    x = torch.cat((visual, m.model.embed_tokens(torch.tensor([m.v.describe]))), 1)
    n = x.shape[1]
    mask = torch.full((n, n), float("-inf")).triu(1)
    with torch.no_grad():
        a, b = m.logits(m.run(x, torch.arange(n), mask)), lm(inputs_embeds=x).logits
    return (h - over).abs().max().item(), (a - b).abs().max().item()


if __name__ == "__main__":
    state = torch.load(sys.argv[1], map_location="cpu") if sys.argv[1] != "random" else None
    if state is None:
        torch.manual_seed(7)
        masters = {n: p.detach() for n, p in Model(Config(vocab=len(TOKENS)), Vocabulary).named_parameters()}
    else:
        masters = state["m"]
    export(masters, sys.argv[2])
    if len(sys.argv) > 4:
        trace(sys.argv[2], sys.argv[3], sys.argv[4])
