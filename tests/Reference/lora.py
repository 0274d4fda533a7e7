"""Loss and gradients of low-rank adapters (LoRA, arXiv:2106.09685, eq. 3) beside the tiny models of model.py, in float64.

W + alpha / r * B A stands where W stood, and autograd goes through the product; the base has no gradient.
"""
import json
import os

import torch
import torch.nn.functional as F

import model
import safetensors_io

ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
# With biases and tied embeddings; and with normalized heads that are wider together than the model, adapted late in each block only.
ADAPTERS = [("qwen2-tied", 3, 6.0, ALL), ("qwen3-untied", 2, 1.0, ["v_proj", "down_proj"])]


def make(folder):
    settings = []
    for seed, (name, rank, alpha, targets) in enumerate(ADAPTERS):
        generator = torch.Generator().manual_seed(100 + seed)
        config = json.load(open(os.path.join(folder, name, "config.json")))
        weights = {key: value.detach() for key, value in safetensors_io.read(os.path.join(folder, name, "model.safetensors")).items()}
        pairs = {}
        for key, weight in weights.items():
            stem = key[: -len(".weight")]
            if stem.split(".")[-1] in targets:
                draw = lambda *shape: (0.3 * torch.randn(shape, generator=generator)).float().double().requires_grad_()
                pairs[stem] = (draw(rank, weight.shape[1]), draw(weight.shape[0], rank))
        adapted = dict(weights)
        for stem, (a, b) in pairs.items():
            adapted[stem + ".weight"] = weights[stem + ".weight"] + alpha / rank * (b @ a)
        tokens = torch.randint(0, config["vocab_size"], (2, 9), generator=generator)
        surprise = [F.cross_entropy(model.logits_of_row(row, adapted, config)[:-1], row[1:], reduction="sum") for row in tokens]
        loss = sum(surprise) / (2 * 8)
        loss.backward()
        settings.append({"model": name, "rank": rank, "alpha": alpha, "targets": targets})
        tensors = {"tokens": tokens, "loss": loss}
        for stem, (a, b) in pairs.items():
            tensors |= {stem + ".lora_A.weight": a, stem + ".lora_B.weight": b,
                        "gradient." + stem + ".lora_A.weight": a.grad, "gradient." + stem + ".lora_B.weight": b.grad}
        safetensors_io.write(os.path.join(folder, f"lora-{name}.safetensors"), tensors)
    with open(os.path.join(folder, "lora.json"), "w") as file:
        json.dump(settings, file, indent=2)
        file.write("\n")
