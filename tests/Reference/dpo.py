"""DPO's loss and its gradient on random pairs, written out from equation 7 of arXiv:2305.18290 in float64."""
import json
import os

import torch

import safetensors_io

PAIRS = 6
CASES = [{"beta": beta, "label_smoothing": smoothing} for beta in (0.05, 0.1, 0.5) for smoothing in (0.0, 0.1, 0.3)]


def make(folder):
    generator = torch.Generator().manual_seed(6)
    draw = lambda: (-8 + 3 * torch.randn(PAIRS, generator=generator)).float().double()
    chosen, rejected, reference_chosen, reference_rejected = draw().requires_grad_(), draw().requires_grad_(), draw(), draw()
    tensors = {"chosen": chosen, "rejected": rejected, "reference_chosen": reference_chosen, "reference_rejected": reference_rejected}
    for number, case in enumerate(CASES):
        chosen.grad = rejected.grad = None
        losses = []
        for i in range(PAIRS):
            margin = case["beta"] * ((chosen[i] - reference_chosen[i]) - (rejected[i] - reference_rejected[i]))
            right = 1 / (1 + torch.exp(-margin))  # probability that the chosen one is better
            losses.append(-(1 - case["label_smoothing"]) * torch.log(right) - case["label_smoothing"] * torch.log(1 - right))
        (sum(losses) / PAIRS).backward()
        tensors |= {f"loss.{number}": torch.stack(losses).detach(), f"gradient.{number}": torch.stack([chosen.grad, rejected.grad])}
    safetensors_io.write(os.path.join(folder, "dpo.safetensors"), tensors)
    with open(os.path.join(folder, "dpo.json"), "w") as file:
        json.dump(CASES, file, indent=1)
        file.write("\n")
