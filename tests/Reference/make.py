#!/usr/bin/env python3
"""Makes every reference number of this folder anew. Debian: apt install python3-torch python3-sympy; python3 make.py"""
import os

import torch

import adamw
import distillation
import dpo
import lora
import mathematics
import model
import policy

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
here = os.path.dirname(os.path.abspath(__file__))
for maker in (model, lora, adamw, policy, dpo, distillation, mathematics):
    maker.make(here)
    print(maker.__name__)
