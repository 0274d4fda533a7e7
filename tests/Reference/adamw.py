"""Weights after 1, 10 and 100 steps of torch.optim.AdamW with clipping, warm-up and a cosine, in float64."""
import math
import os

import torch

import safetensors_io

STEPS, WARMUP, PEAK, MIN_RATIO, MAX_NORM = 100, 10, 0.03, 0.1, 1.5


def learning_rate(step):
    if step < WARMUP:
        return PEAK * (step + 1) / WARMUP
    progress = (step - WARMUP) / (STEPS - WARMUP)
    return PEAK * (MIN_RATIO + (1 - MIN_RATIO) * 0.5 * (1 + math.cos(math.pi * progress)))


def make(folder):
    generator = torch.Generator().manual_seed(11)
    draw = lambda *shape: torch.randn(shape, generator=generator).float().double()
    matrix, vector = draw(5, 3).requires_grad_(), draw(7).requires_grad_()
    gradients = {"matrix": draw(STEPS, 5, 3) * 0.4, "vector": draw(STEPS, 7) * 0.4}
    gradients = {name: value.float().double() for name, value in gradients.items()}
    optimizer = torch.optim.AdamW([
        {"params": [matrix], "weight_decay": 0.2}, {"params": [vector], "weight_decay": 0.0},
    ], betas=(0.9, 0.95), eps=1e-8)
    output = {"start.matrix": matrix.detach().clone(), "start.vector": vector.detach().clone()}
    norms = []
    for step in range(STEPS):
        matrix.grad, vector.grad = gradients["matrix"][step].clone(), gradients["vector"][step].clone()
        norms.append(torch.nn.utils.clip_grad_norm_([matrix, vector], MAX_NORM))
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step)
        optimizer.step()
        if step + 1 in (1, 10, 100):
            output |= {f"step{step + 1}.matrix": matrix.detach().clone(), f"step{step + 1}.vector": vector.detach().clone()}
    assert min(norms) < MAX_NORM < max(norms), "some steps are clipped and some are not"
    safetensors_io.write(os.path.join(folder, "adamw.safetensors"), {
        **output, "gradients.matrix": gradients["matrix"], "gradients.vector": gradients["vector"], "norms": torch.stack(norms),
    })
