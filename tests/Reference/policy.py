"""Every policy loss and its gradient on random tensors, for every legal combination of its switches, token by token in float64.

The switches are in policy.json, in the order in which they turn (the last one fastest). Of a gradient, which is by the
logits, its norm and its products with three random directions are kept: they leave no entry out.
"""
import itertools
import json
import math
import os

import torch

import safetensors_io

PROMPTS, COMPLETIONS, SEQ, VOCAB, LENGTH = 3, 4, 7, 5, 9
SCALES = ("group", "batch", "none")
SWITCHES = {
    # Dr. GRPO and RLOO have each their own advantages.
    "objective": [[name, scale] for name in ("grpo", "dapo", "gspo") for scale in SCALES] + [["dr_grpo", "none"], ["rloo", "leave_one_out"]],
    "clip": [[0.2, 0.28], [1.0, 10.0]],
    "dual": [None, 1.5],
    "kl": [None, ["k1", 0.1], ["k2", 0.1], ["k3", 0.1]],
    "entropy_bonus": [0.0, 0.05],
    "importance": [None, [1.2, "token"], [1.5, "sequence"]],
}


def advantages_of(rewards, scale):
    out = torch.zeros_like(rewards)
    everything = rewards.reshape(-1)
    batch_std = math.sqrt(((everything - everything.mean()) ** 2).mean())
    for prompt in range(PROMPTS):
        for i in range(COMPLETIONS):
            if scale == "leave_one_out":
                others = [rewards[prompt, j] for j in range(COMPLETIONS) if j != i]
                out[prompt, i] = rewards[prompt, i] - sum(others) / len(others)
                continue
            centered = rewards[prompt] - rewards[prompt].mean()
            group_std = math.sqrt((centered ** 2).mean())
            out[prompt, i] = centered[i] / {"group": group_std + 1e-4, "batch": batch_std + 1e-4, "none": 1.0}[scale]
    return out.reshape(-1)


def surrogate(ratio, advantage, low, high, dual):
    value = torch.minimum(ratio * advantage, ratio.clamp(1 - low, 1 + high) * advantage)
    if dual is not None and advantage < 0:
        value = torch.maximum(value, dual * advantage)
    return value


def loss_of(logits, inputs, case):
    (name, scale), (low, high) = case["objective"], case["clip"]
    advantages = advantages_of(inputs["rewards"], scale)
    log_softmax = torch.log_softmax(logits, -1)
    completions = []
    for row in range(logits.shape[0]):
        positions = [t for t in range(SEQ) if inputs["mask"][row, t]]
        log_prob = {t: log_softmax[row, t, inputs["tokens"][row, t]] for t in positions}
        behavior = {t: inputs["behavior"][row, t] for t in positions}
        before = behavior if case["importance"] is None else {t: inputs["proximal"][row, t] for t in positions}
        weights = {t: 1.0 for t in positions}
        if case["importance"] is not None:
            cap, level = case["importance"]
            of_token = {t: math.exp(before[t] - behavior[t]) for t in positions}
            weights = {t: min(of_token[t] if level == "token" else math.prod(of_token.values()), cap) for t in positions}
        log_ratio = {t: log_prob[t] - before[t] for t in positions}
        ratio = {
            "gspo": lambda t: torch.exp(sum(log_ratio.values()) / len(positions)),
            "rloo": lambda t: torch.exp(sum(log_ratio.values())),
        }.get(name, lambda t: torch.exp(log_ratio[t]))
        terms = []
        for t in positions:
            term = -weights[t] * surrogate(ratio(t), advantages[row], low, high, case["dual"])
            if case["kl"] is not None:
                estimator, beta = case["kl"]
                r = torch.exp(inputs["reference"][row, t] - log_prob[t])
                term = term + beta * {"k1": -torch.log(r), "k2": torch.log(r) ** 2 / 2, "k3": r - torch.log(r) - 1}[estimator]
            term = term + case["entropy_bonus"] * (log_softmax[row, t].exp() * log_softmax[row, t]).sum()
            terms.append(term)
        completions.append(terms)
    if name == "dapo":
        return sum(sum(terms) for terms in completions) / sum(len(terms) for terms in completions)
    if name == "dr_grpo":
        return sum(sum(terms) for terms in completions) / (len(completions) * LENGTH)
    return sum(sum(terms) / len(terms) for terms in completions) / len(completions)


def make(folder):
    generator = torch.Generator().manual_seed(5)
    draw = lambda *shape: torch.randn(shape, generator=generator).float().double()
    batch = PROMPTS * COMPLETIONS
    logits = draw(batch, SEQ, VOCAB).requires_grad_()
    tokens = torch.randint(0, VOCAB, (batch, SEQ), generator=generator)
    now = torch.log_softmax(logits.detach(), -1).gather(-1, tokens.unsqueeze(-1)).squeeze(-1)
    near = lambda distance: (now + distance * draw(batch, SEQ)).float().double()
    rewards = torch.randint(0, 3, (PROMPTS, COMPLETIONS), generator=generator).double()
    rewards[1] = 1  # a group that agrees
    starts, ends = torch.randint(0, 3, (batch,), generator=generator), torch.randint(4, SEQ + 1, (batch,), generator=generator)
    position = torch.arange(SEQ)
    inputs = {
        "tokens": tokens, "behavior": near(0.3), "proximal": near(0.25), "reference": near(0.4), "rewards": rewards,
        "mask": (position >= starts[:, None]) & (position < ends[:, None]),
    }
    probes = draw(3, batch, SEQ, VOCAB)
    expected = []
    for values in itertools.product(*SWITCHES.values()):
        logits.grad = None
        loss = loss_of(logits, inputs, dict(zip(SWITCHES, values)))
        loss.backward()
        expected.append(torch.stack([loss.detach(), logits.grad.norm(), *(logits.grad * probes).sum((1, 2, 3))]))
    safetensors_io.write(os.path.join(folder, "policy.safetensors"), {"logits": logits, **inputs, "probes": probes, "expected": torch.stack(expected)})
    with open(os.path.join(folder, "policy.json"), "w") as file:
        json.dump({"length": LENGTH, "switches": SWITCHES}, file, indent=1)
        file.write("\n")
