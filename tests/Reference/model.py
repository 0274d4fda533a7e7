"""Logits, loss and gradients of tiny Llama, Qwen2 and Qwen3 models, written from the papers, in float64.

Grouped-query attention, half-rotation RoPE, SwiGLU, RMSNorm; tied and untied output; with and without bias; linear and
Llama 3's scaling of RoPE; Qwen3's norm of queries and keys, with heads that are wider together than the model.
The second row is shorter than the first: its padding must not matter.
"""
import json
import math
import os

import torch
import torch.nn.functional as F

import safetensors_io

torch.set_default_dtype(torch.float64)
LENGTHS = [9, 6]
CONFIG = {
    "vocab_size": 17, "hidden_size": 12, "intermediate_size": 20, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "head_dim": 6, "hidden_act": "silu", "rms_norm_eps": 1e-5, "rope_theta": 500.0,
    "max_position_embeddings": 32,
}


def make_weights(config, bias, generator):
    hidden, inner, head = config["hidden_size"], config["intermediate_size"], config["head_dim"]
    queries, keys = config["num_attention_heads"] * head, config["num_key_value_heads"] * head
    shapes = {"model.embed_tokens.weight": (config["vocab_size"], hidden), "model.norm.weight": (hidden,)}
    for i in range(config["num_hidden_layers"]):
        layer = f"model.layers.{i}."
        shapes |= {
            layer + "input_layernorm.weight": (hidden,), layer + "post_attention_layernorm.weight": (hidden,),
            layer + "self_attn.q_proj.weight": (queries, hidden), layer + "self_attn.k_proj.weight": (keys, hidden),
            layer + "self_attn.v_proj.weight": (keys, hidden), layer + "self_attn.o_proj.weight": (hidden, queries),
            layer + "mlp.gate_proj.weight": (inner, hidden), layer + "mlp.up_proj.weight": (inner, hidden),
            layer + "mlp.down_proj.weight": (hidden, inner),
        }
        if config["model_type"] == "qwen3":
            shapes |= {layer + f"self_attn.{n}_norm.weight": (head,) for n in "qk"}
        if bias:
            shapes |= {layer + f"self_attn.{n}_proj.bias": (queries if n == "q" else keys,) for n in "qkv"}
    if not config["tie_word_embeddings"]:
        shapes["lm_head.weight"] = (config["vocab_size"], hidden)
    weights = {}
    for name, shape in shapes.items():
        noise = torch.randn(shape, generator=generator)
        value = 1 + 0.2 * noise if "norm" in name else 0.4 * noise
        weights[name] = value.float().double().requires_grad_()  # what the file holds, exactly
    return weights


def rms_norm(x, weight, epsilon):
    return x / torch.sqrt((x ** 2).mean(-1, keepdim=True) + epsilon) * weight


def scaled(frequency, scaling):
    """One channel's radians a position. Llama 3: by wave length, as the model's own code has it."""
    if scaling["rope_type"] == "linear":
        return frequency / scaling["factor"]
    wave, original = 2 * math.pi / frequency, scaling["original_max_position_embeddings"]
    low, high = scaling["low_freq_factor"], scaling["high_freq_factor"]
    if wave < original / high:
        return frequency
    if wave > original / low:
        return frequency / scaling["factor"]
    smooth = (original / wave - low) / (high - low)
    return (1 - smooth) * frequency / scaling["factor"] + smooth * frequency


def rotate(x, config):
    """x: [heads, seq, head_dim]; channel i turns together with i + head_dim / 2."""
    seq, head = x.shape[-2:]
    frequency = [config["rope_theta"] ** (-channel / head) for channel in range(0, head, 2)]
    if config.get("rope_scaling"):
        frequency = [scaled(f, config["rope_scaling"]) for f in frequency]
    frequency = torch.tensor(frequency)
    angle = torch.outer(torch.arange(seq, dtype=torch.float64), frequency)
    first, second = x[..., : head // 2], x[..., head // 2:]
    return torch.cat([first * angle.cos() - second * angle.sin(), second * angle.cos() + first * angle.sin()], -1)


def logits_of_row(tokens, weights, config):
    """One row without padding, one head at a time."""
    head, group = config["head_dim"], config["num_attention_heads"] // config["num_key_value_heads"]
    x = weights["model.embed_tokens.weight"][tokens]
    future = torch.ones(len(tokens), len(tokens)).triu(1).bool()
    for i in range(config["num_hidden_layers"]):
        get = lambda name: weights.get(f"model.layers.{i}.{name}")
        normed = rms_norm(x, get("input_layernorm.weight"), config["rms_norm_eps"])
        split = lambda n: F.linear(normed, get(f"self_attn.{n}_proj.weight"), get(f"self_attn.{n}_proj.bias")).view(len(tokens), -1, head).transpose(0, 1)
        normalize = lambda n: split(n) if get(f"self_attn.{n}_norm.weight") is None else rms_norm(split(n), get(f"self_attn.{n}_norm.weight"), config["rms_norm_eps"])
        queries, keys, values = rotate(normalize("q"), config), rotate(normalize("k"), config), split("v")
        contexts = []
        for h in range(config["num_attention_heads"]):
            scores = queries[h] @ keys[h // group].T / head ** 0.5
            contexts.append(scores.masked_fill(future, float("-inf")).softmax(-1) @ values[h // group])
        x = x + F.linear(torch.cat(contexts, -1), get("self_attn.o_proj.weight"))
        normed = rms_norm(x, get("post_attention_layernorm.weight"), config["rms_norm_eps"])
        gate = F.linear(normed, get("mlp.gate_proj.weight"))
        x = x + F.linear(gate * torch.sigmoid(gate) * F.linear(normed, get("mlp.up_proj.weight")), get("mlp.down_proj.weight"))
    x = rms_norm(x, weights["model.norm.weight"], config["rms_norm_eps"])
    return F.linear(x, weights.get("lm_head.weight", weights["model.embed_tokens.weight"]))


# Of the three channels, one is fast (6.3 positions a turn), one between (50), one slow (396).
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 64}
MODELS = [
    ("llama-tied", "llama", True, {}), ("llama-untied", "llama", False, {}),
    ("qwen2-tied", "qwen2", True, {}), ("qwen2-untied", "qwen2", False, {}),
    ("llama3-scaled", "llama", True, {"rope_scaling": LLAMA3}),
    ("llama-linear", "llama", False, {"rope_scaling": {"rope_type": "linear", "factor": 4.0}}),
    ("qwen3-tied", "qwen3", True, {}), ("qwen3-untied", "qwen3", False, {"num_key_value_heads": 1, "head_dim": 8}),
]


def make(folder):
    for seed, (name, model_type, tied, changes) in enumerate(MODELS):
        generator = torch.Generator().manual_seed(seed)
        config = {"model_type": model_type, "tie_word_embeddings": tied, **CONFIG, **changes}
        weights = make_weights(config, model_type == "qwen2", generator)
        tokens = torch.randint(0, config["vocab_size"], (len(LENGTHS), max(LENGTHS)), generator=generator)
        logits = torch.zeros(len(LENGTHS), max(LENGTHS), config["vocab_size"])
        surprise = []
        for row, length in enumerate(LENGTHS):
            tokens[row, length:] = 0
        for row, length in enumerate(LENGTHS):
            of_row = logits_of_row(tokens[row, :length], weights, config)
            logits[row, :length] = of_row.detach()
            surprise.append(F.cross_entropy(of_row[:-1], tokens[row, 1:length], reduction="sum"))
        loss = sum(surprise) / sum(length - 1 for length in LENGTHS)
        loss.backward()

        target = os.path.join(folder, name)
        os.makedirs(target, exist_ok=True)
        with open(os.path.join(target, "config.json"), "w") as file:
            json.dump(config, file, indent=2)
            file.write("\n")
        safetensors_io.write(os.path.join(target, "model.safetensors"), weights)
        safetensors_io.write(os.path.join(target, "expected.safetensors"), {
            "tokens": tokens, "lengths": torch.tensor(LENGTHS), "logits": logits, "loss": loss,
            **{"gradient." + name: weight.grad for name, weight in weights.items()},
        })
