"""Divergences of student and teacher and their gradients on random tensors, written out over outcomes in float64."""
import json
import os

import torch

import safetensors_io

BATCH, SEQ, VOCAB, STUDENT, TEACHER = 2, 5, 17, 6, 9


def kl(p, q):
    return (p * (p.log() - q.log())).sum()


def outcomes(p, tokens):
    """Some tokens by themselves, all others as one."""
    if tokens is None:
        return p
    rest = torch.ones(VOCAB, dtype=torch.bool)
    rest[tokens] = False
    return torch.cat([p[tokens], p[rest].sum().reshape(1)])


def make(folder):
    generator = torch.Generator().manual_seed(11)
    draw = lambda *shape: torch.randn(shape, generator=generator).float().double()
    hidden, weight = draw(BATCH, SEQ, STUDENT), draw(VOCAB, STUDENT)
    teacher_hidden, teacher_weight = draw(BATCH, SEQ, TEACHER), 0.5 * draw(VOCAB, TEACHER)
    teacher_weight = teacher_weight.float().double()
    mask = torch.rand((BATCH, SEQ), generator=generator) < 0.7
    weights = draw(BATCH, SEQ)  # what the divergences are multiplied with, so that every position has its own gradient
    tensors = {"hidden": hidden, "weight": weight, "teacher_hidden": teacher_hidden, "teacher_weight": teacher_weight,
               "mask": mask, "weights": weights}
    cases = []
    for direction in ("forward", "reverse"):
        for temperature in (1.0, 2.5):
            for top in (None, 1, 4, VOCAB):
                h, w = hidden.clone().requires_grad_(), weight.clone().requires_grad_()
                result = torch.zeros((BATCH, SEQ), dtype=torch.float64)
                for b in range(BATCH):
                    for t in range(SEQ):
                        if not mask[b, t]:
                            continue
                        s = torch.softmax(h[b, t] @ w.T / temperature, -1)
                        q = torch.softmax(teacher_hidden[b, t] @ teacher_weight.T / temperature, -1)
                        tokens = None if top in (None, VOCAB) else q.topk(top).indices
                        s, q = outcomes(s, tokens), outcomes(q, tokens)
                        result[b, t] = temperature ** 2 * (kl(q, s) if direction == "forward" else kl(s, q))
                (result * weights).sum().backward()
                name = str(len(cases))
                cases.append({"name": name, "direction": direction, "temperature": temperature, "top": top})
                tensors["result." + name] = result.detach()
                tensors["hidden_gradient." + name] = h.grad
                tensors["weight_gradient." + name] = w.grad
    safetensors_io.write(os.path.join(folder, "distillation.safetensors"), tensors)
    with open(os.path.join(folder, "distillation.json"), "w") as file:
        json.dump(cases, file, indent=1)
        file.write("\n")
