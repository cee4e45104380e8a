#!/usr/bin/env python3
"""What Hugging Face transformers does on this processor with random weights of full size: one JSON line a measurement.

  reference.py save --root DIR [--model NAME ...]        folders of models, and DIR/pictures where there is none
  reference.py run  --root DIR [--pictures DIR] [--model NAME ...] [--dtype D ...] [--batch N ...] [--threads N] [--repeats N]

Pictures are decoded beforehand. images_per_second counts the model's call alone, end_to_end_per_second its processor too.
Needs torch, transformers, tokenizers and pillow. Nothing else of the project needs Python.
"""
import argparse
import json
import os
import statistics
import time

import torch
import transformers
from PIL import Image
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

SEED = 1234
PICTURES = 16
PICTURE_SIZE = (640, 480)
NEW_TOKENS = {"blip-base": 20, "clip-l14-336": 0, "llava-0.5b": 32}
QUESTION = "USER: <image>\nDescribe the picture. ASSISTANT:"
CLIP_L_14_336 = dict(hidden_size=1024, intermediate_size=4096, num_hidden_layers=24, num_attention_heads=16,
                     image_size=336, patch_size=14, projection_dim=768)
SMALL_LLAMA = dict(model_type="llama", hidden_size=960, intermediate_size=2560, num_hidden_layers=16,
                   num_attention_heads=15, num_key_value_heads=5, vocab_size=32064, max_position_embeddings=4096,
                   rms_norm_eps=1e-5)


def byte_tokenizer(path, specials, kind):
    """Every byte is a token; `specials` come first."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {token: i for i, token in enumerate(specials + letters)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in specials])
    return written(tokenizer, path, kind)


def word_piece_tokenizer(path):
    """BERT's first ids, then single letters."""
    pieces = ["[PAD]"] + [f"[unused{i}]" for i in range(99)] + ["[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,"
    pieces += list(letters) + ["##" + letter for letter in letters]
    tokenizer = Tokenizer(models.WordPiece(vocab={p: i for i, p in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 101), ("[SEP]", 102)])
    return written(tokenizer, path, dict(tokenizer_class="BertTokenizer", unk_token="[UNK]", sep_token="[SEP]",
                                         pad_token="[PAD]", cls_token="[CLS]", mask_token="[MASK]"))


def written(tokenizer, path, configuration):
    tokenizer.save(os.path.join(path, "tokenizer.json"))
    with open(os.path.join(path, "tokenizer_config.json"), "w") as file:
        json.dump(configuration, file)
    return transformers.AutoTokenizer.from_pretrained(path)


def blip_base(path):
    model = transformers.BlipForConditionalGeneration(transformers.BlipConfig(
        text_config=dict(num_attention_heads=12, vocab_size=30524, is_decoder=True),
        vision_config=dict(initializer_range=0.02), image_text_hidden_size=256))
    processor = transformers.BlipProcessor(
        transformers.BlipImageProcessor(size=dict(height=384, width=384)), word_piece_tokenizer(path))
    return model, processor


def clip_l14_336(path):
    model = transformers.CLIPModel(transformers.CLIPConfig(
        text_config=dict(hidden_size=768, intermediate_size=3072, num_hidden_layers=12, num_attention_heads=12,
                         projection_dim=768),
        vision_config=CLIP_L_14_336, projection_dim=768))
    tokenizer = byte_tokenizer(path, ["<|startoftext|>", "<|endoftext|>"], dict(
        tokenizer_class="CLIPTokenizer", model_max_length=77, bos_token="<|startoftext|>",
        eos_token="<|endoftext|>", pad_token="<|endoftext|>", unk_token="<|endoftext|>"))
    return model, transformers.CLIPProcessor(clip_images(), tokenizer)


def clip_images():
    return transformers.CLIPImageProcessor(size=dict(shortest_edge=336), crop_size=dict(height=336, width=336))


def llava(path):
    specials = ["<unk>", "<s>", "</s>", "<image>"]
    tokenizer = byte_tokenizer(path, specials, dict(
        tokenizer_class="PreTrainedTokenizerFast", bos_token="<s>", eos_token="</s>", unk_token="<unk>",
        pad_token="<unk>", padding_side="left"))
    model = transformers.LlavaForConditionalGeneration(transformers.LlavaConfig(
        vision_config=dict(model_type="clip_vision_model", **CLIP_L_14_336), text_config=SMALL_LLAMA,
        image_token_index=specials.index("<image>"), vision_feature_layer=-2))
    processor = transformers.LlavaProcessor(
        clip_images(), tokenizer, patch_size=14, vision_feature_select_strategy="default",
        num_additional_image_tokens=1)
    return model, processor


BUILDERS = {"blip-base": blip_base, "clip-l14-336": clip_l14_336, "llava-0.5b": llava}
CLASSES = {"blip-base": "BlipForConditionalGeneration", "clip-l14-336": "CLIPModel",
           "llava-0.5b": "LlavaForConditionalGeneration"}


def draw(folder):
    """Soft blots of colour: what a picture shows does not bear on the time."""
    if os.path.isdir(folder):
        return
    os.makedirs(folder)
    generator = torch.Generator().manual_seed(SEED)
    for i in range(PICTURES):
        blots = torch.randint(0, 256, (12, 16, 3), generator=generator, dtype=torch.uint8)
        picture = Image.fromarray(blots.numpy()).resize(PICTURE_SIZE, Image.BICUBIC)
        picture.save(os.path.join(folder, f"{i:02d}.png"))


def save(arguments):
    draw(os.path.join(arguments.root, "pictures"))
    for name in arguments.model:
        path = os.path.join(arguments.root, name)
        os.makedirs(path, exist_ok=True)
        torch.manual_seed(SEED)
        model, processor = BUILDERS[name](path)
        model.eval()
        processor.save_pretrained(path)
        model.save_pretrained(path)
        print(json.dumps(dict(saved=path, parameters=sum(p.numel() for p in model.parameters()))), flush=True)


def inputs(name, processor, pictures, dtype):
    if name == "llava-0.5b":
        found = processor(images=pictures, text=[QUESTION] * len(pictures), return_tensors="pt")
    else:
        found = processor(images=pictures, return_tensors="pt")
    return {key: value.to(dtype) if value.is_floating_point() else value for key, value in found.items()}


def call(name, model, found):
    """The model's call; the ids of the first picture where it writes text."""
    tokens = NEW_TOKENS[name]
    with torch.inference_mode():
        if tokens == 0:
            model.get_image_features(pixel_values=found["pixel_values"])
            return []
        written_ids = model.generate(**found, do_sample=False, num_beams=1, max_new_tokens=tokens, min_new_tokens=tokens)
    return written_ids[0, -tokens:].tolist()


def passed(name, model, processor, pictures, batch, dtype):
    """Seconds before and within the model for all pictures, and the first picture's ids."""
    before, within, ids = 0.0, 0.0, None
    for start in range(0, len(pictures), batch):
        began = time.perf_counter()
        found = inputs(name, processor, pictures[start:start + batch], dtype)
        prepared = time.perf_counter()
        some = call(name, model, found)
        before += prepared - began
        within += time.perf_counter() - prepared
        ids = ids or some
    return before, within, ids


def run(arguments):
    torch.set_num_threads(arguments.threads)
    folder = arguments.pictures or os.path.join(arguments.root, "pictures")
    pictures = [Image.open(os.path.join(folder, file)).convert("RGB") for file in sorted(os.listdir(folder))]
    for name in arguments.model:
        path = os.path.join(arguments.root, name)
        processor = transformers.AutoProcessor.from_pretrained(path)
        for dtype in arguments.dtype:
            kind = getattr(torch, dtype)
            model = getattr(transformers, CLASSES[name]).from_pretrained(path, dtype=kind).eval()
            for batch in arguments.batch:
                passed(name, model, processor, pictures[:batch], batch, kind)
                passes = [passed(name, model, processor, pictures, batch, kind) for _ in range(arguments.repeats)]
                within = statistics.median(seconds for _, seconds, _ in passes)
                total = statistics.median(before + seconds for before, seconds, _ in passes)
                print(json.dumps(dict(
                    program="transformers", model=name, dtype=dtype, batch=batch, threads=arguments.threads,
                    pictures=len(pictures), newTokens=NEW_TOKENS[name],
                    imagesPerSecond=round(len(pictures) / within, 4),
                    endToEndPerSecond=round(len(pictures) / total, 4), firstIds=passes[0][2],
                    torch=torch.__version__, transformers=transformers.__version__)), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["save", "run"])
    parser.add_argument("--root", required=True)
    parser.add_argument("--pictures")
    parser.add_argument("--model", nargs="+", default=list(BUILDERS), choices=list(BUILDERS))
    parser.add_argument("--dtype", nargs="+", default=["float32", "bfloat16"], choices=["float32", "bfloat16"])
    parser.add_argument("--batch", nargs="+", type=int, default=[1, 8])
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--repeats", type=int, default=1)
    arguments = parser.parse_args()
    save(arguments) if arguments.what == "save" else run(arguments)


if __name__ == "__main__":
    main()
