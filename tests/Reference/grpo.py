"""GRPO's loss and its gradient on random tensors, for combinations of its switches, token by token in float64."""
import json
import math
import os

import torch

import safetensors_io

PROMPTS, COMPLETIONS, SEQ = 3, 4, 7


def advantages_of(rewards, scaling):
    out = torch.zeros_like(rewards)
    everything = rewards.reshape(-1)
    batch_std = math.sqrt(((everything - everything.mean()) ** 2).mean())
    for prompt in range(PROMPTS):
        centered = rewards[prompt] - rewards[prompt].mean()
        group_std = math.sqrt((centered ** 2).mean())
        out[prompt] = centered / {"group": group_std + 1e-4, "batch": batch_std + 1e-4, "none": 1.0}[scaling]
    return out


def loss_of(log_probs, behavior, reference, advantages, mask, low, high, estimator, beta, reduction):
    rows, counts = [], []
    for row in range(log_probs.shape[0]):
        terms = []
        for t in range(SEQ):
            if not mask[row, t]:
                continue
            ratio = torch.exp(log_probs[row, t] - behavior[row, t])
            clipped = min(max(ratio, torch.tensor(1 - low)), torch.tensor(1 + high))
            surrogate = min(ratio * advantages[row], clipped * advantages[row])
            r = torch.exp(reference[row, t] - log_probs[row, t])
            kl = {"none": 0.0, "k1": -torch.log(r), "k2": torch.log(r) ** 2 / 2, "k3": r - torch.log(r) - 1}[estimator]
            terms.append(-surrogate + beta * kl)
        rows.append(sum(terms))
        counts.append(len(terms))
    if reduction == "sequence":
        return sum(row / count for row, count in zip(rows, counts)) / len(rows)
    return sum(rows) / sum(counts)


def make(folder):
    generator = torch.Generator().manual_seed(5)
    draw = lambda *shape: torch.randn(shape, generator=generator).float().double()
    batch = PROMPTS * COMPLETIONS
    log_probs = (-1.5 + 0.5 * draw(batch, SEQ)).float().double().requires_grad_()
    behavior = (log_probs.detach() + 0.3 * draw(batch, SEQ)).float().double()
    reference = (log_probs.detach() + 0.4 * draw(batch, SEQ)).float().double()
    rewards = torch.randint(0, 3, (PROMPTS, COMPLETIONS), generator=generator).double()
    rewards[1] = 1  # a group that agrees
    starts, ends = torch.randint(0, 3, (batch,), generator=generator), torch.randint(4, SEQ + 1, (batch,), generator=generator)
    position = torch.arange(SEQ)
    mask = (position >= starts[:, None]) & (position < ends[:, None])

    tensors = {"log_probs": log_probs, "behavior": behavior, "reference": reference, "rewards": rewards, "mask": mask}
    cases = []
    for scaling in ("group", "batch", "none"):
        for low, high in ((0.2, 0.2), (0.2, 0.28), (10.0, 10.0)):
            for estimator, beta in (("none", 0.0), ("k1", 0.1), ("k2", 0.1), ("k3", 0.1)):
                for reduction in ("sequence", "token"):
                    log_probs.grad = None
                    advantages = advantages_of(rewards, scaling).reshape(-1)
                    loss = loss_of(log_probs, behavior, reference, advantages, mask, low, high, estimator, beta, reduction)
                    loss.backward()
                    name = f"{len(cases):02d}"
                    tensors |= {"loss." + name: loss.detach(), "gradient." + name: log_probs.grad.clone()}
                    cases.append({"name": name, "scaling": scaling, "low": low, "high": high,
                                  "estimator": estimator, "beta": beta, "reduction": reduction})
    safetensors_io.write(os.path.join(folder, "grpo.safetensors"), tensors)
    with open(os.path.join(folder, "grpo.json"), "w") as file:
        json.dump(cases, file, indent=1)
        file.write("\n")
