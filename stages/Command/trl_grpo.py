"""TRL's GRPOTrainer as a stage, under torchrun: see pipelines/trl-grpo.yaml. NEVER RUN where it was written: there is no GPU and no TRL.

Reads `model` and `prompts` (verl's schema, as Pipeline writes it), makes `model`. `with: trl` goes to GRPOConfig as it is.
"""
import glob, os, sys

from stage_protocol import Stage

stage = Stage(trl={}, rewards=["accuracy", "format"], answer=r"<answer>(.*?)</answer>")

import re
import torch
from datasets import load_dataset
from transformers import TrainerCallback
from trl import GRPOConfig, GRPOTrainer

first = int(os.environ.get("RANK", "0")) == 0


def text_of(completion): return completion[0]["content"] if isinstance(completion, list) else completion


def accuracy(completions, ground_truth, **_):
    found = [re.findall(stage.options["answer"], text_of(one), re.DOTALL) for one in completions]
    return [float(bool(answers) and answers[-1].strip() == str(truth).strip()) for answers, truth in zip(found, ground_truth)]


def format(completions, **_):
    return [float(bool(re.fullmatch(r"\s*<think>.*?</think>\s*<answer>.*?</answer>\s*", text_of(one), re.DOTALL))) for one in completions]


class Protocol(TrainerCallback):
    """Tells what TRL logs, under TRL's names, and turns its checkpoints into the protocol's."""

    def on_train_begin(self, args, state, control, **_): stage.total, stage.phase = state.max_steps, "training"

    def on_log(self, args, state, control, logs=None, **_):
        if first: stage.metrics(state.global_step, logs or {})

    def on_step_end(self, args, state, control, **_):
        stage.step = state.global_step
        asked = torch.tensor(float(os.path.exists(stage.path("stop"))), device=args.device)
        if torch.distributed.is_initialized(): torch.distributed.all_reduce(asked, op=torch.distributed.ReduceOp.MAX)  # all at the same step
        if asked.item() > 0: control.should_save = control.should_training_stop = True
        return control

    def on_save(self, args, state, control, **_):
        if torch.distributed.is_initialized(): torch.distributed.barrier()  # each process writes a part of it
        if not first: return
        stage.checkpoint(state.global_step, os.path.join(args.output_dir, f"checkpoint-{state.global_step}"))
        for table in glob.glob(os.path.join(args.output_dir, "completions", "completions_*.parquet")):  # where log_completions writes them
            step = int(re.search(r"(\d+)\.parquet$", table).group(1))
            os.makedirs(stage.path("rollouts"), exist_ok=True)
            os.replace(table, stage.path("rollouts", f"step-{step:06d}.parquet"))


def main():
    prompts = stage.input("prompts")
    files = sorted(glob.glob(os.path.join(prompts, "*.parquet"))) if os.path.isdir(prompts) else [prompts]
    rows = load_dataset("parquet", data_files=files, split="train").map(lambda row: {"ground_truth": row["reward_model"]["ground_truth"]})
    if first: stage.begin()
    known = {"accuracy": accuracy, "format": format}
    if missing := [name for name in stage.options["rewards"] if name not in known]:
        stage.refuse(f"there is no reward {missing[0]}; there are {', '.join(known)}")
    settings = GRPOConfig(output_dir=stage.path("trainer"), seed=stage.job["seed"], report_to=[], logging_steps=1, log_completions=True,
                          save_total_limit=None, **stage.options["trl"])
    trainer = GRPOTrainer(model=stage.input("model"), reward_funcs=[known[name] for name in stage.options["rewards"]], args=settings,
                          train_dataset=rows, callbacks=[Protocol()])
    trainer.train(resume_from_checkpoint=stage.verified_checkpoint())
    if os.path.exists(stage.path("stop")) and trainer.state.global_step < trainer.state.max_steps:
        if first: stage.event(trainer.state.global_step, "stopped", "SIGTERM", "Asked to stop.")
        return
    trainer.save_model(stage.job["outputs"]["model"])
    if first:
        trainer.processing_class.save_pretrained(stage.job["outputs"]["model"])
        stage.finish()


if __name__ == "__main__":
    main()
    sys.exit(0)
