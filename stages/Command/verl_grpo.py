"""verl as a stage: see pipelines/verl-grpo.yaml. Tried with a stand-in that writes as verl does; NEVER RUN with verl itself.

    python3 verl_grpo.py -- python3 -m verl.trainer.main_ppo

Reads `model`, `prompts` and, if it likes, `evaluation` (verl's own schema), makes `model`. `with: overrides` are Hydra's. While verl works,
its log becomes metrics.jsonl under TRL's names, its completions rollouts/, its checkpoints the protocol's. verl cannot be asked
for a checkpoint: on SIGTERM it is ended, and what it did since the last one is lost.
"""
import glob, json, os, re, signal, subprocess, sys, time

from stage_protocol import Stage, on_sigterm

# What the dashboard shows under its own headings; everything else keeps verl's name.
NAMES = {
    "critic/rewards/mean": "reward", "actor/entropy": "entropy", "actor/kl_loss": "kl", "actor/pg_loss": "loss",
    "actor/grad_norm": "grad_norm", "actor/lr": "learning_rate", "actor/pg_clipfrac": "clip_ratio/region_mean",
    "response_length/mean": "completions/mean_length", "response_length/clip_ratio": "completions/clipped_ratio",
    "timing_s/step": "step_time", "perf/throughput": "tokens_per_second",
}

stage = Stage(overrides={}, save_freq=20, gpus_per_node=8, nodes=1, merge=["python3", "-m", "verl.model_merger"])
own, log = stage.path("verl"), stage.path("verl", "metrics.jsonl")
os.makedirs(own, exist_ok=True)


def files(path): return sorted(glob.glob(os.path.join(path, "*.parquet"))) if os.path.isdir(path) else [path]


def listed(paths): return "[" + ",".join(f"'{path}'" for path in paths) + "]"


def command():
    settings = {
        "algorithm.adv_estimator": "grpo",
        "data.train_files": listed(files(stage.input("prompts"))),
        "data.val_files": listed(files(stage.job["inputs"].get("evaluation", stage.job["inputs"]["prompts"])["path"])),
        "actor_rollout_ref.model.path": stage.input("model"),
        "trainer.logger": "['console','file']", "trainer.save_freq": stage.options["save_freq"],
        "trainer.nnodes": stage.options["nodes"], "trainer.n_gpus_per_node": stage.options["gpus_per_node"],
        "trainer.default_local_dir": own, "trainer.rollout_data_dir": os.path.join(own, "rollouts"),
    }
    if checkpoint := stage.verified_checkpoint():
        settings["trainer.resume_mode"], settings["trainer.resume_from_path"] = "resume_path", glob.glob(os.path.join(checkpoint, "global_step_*"))[0]
    else:
        settings["trainer.resume_mode"] = "disable"
    return sys.argv[sys.argv.index("--") + 1:] + [f"{name}={value}" for name, value in {**settings, **stage.options["overrides"]}.items()]


class Follower:
    """Reads what verl has written since the last look."""

    def __init__(self): self.offset = 0

    def look(self):
        if os.path.exists(log):
            with open(log) as file:
                file.seek(self.offset)
                while (line := file.readline()).endswith("\n"):
                    self.offset = file.tell()
                    row = json.loads(line)
                    stage.metrics(row["step"], {NAMES.get(name, name): value for name, value in row["data"].items()})
        for table in glob.glob(os.path.join(own, "rollouts", "*.jsonl")):
            step = int(re.search(r"(\d+)\.jsonl$", table).group(1))
            if step < stage.step or process.poll() is not None:  # the newest may not be whole
                os.makedirs(stage.path("rollouts"), exist_ok=True)
                os.replace(table, stage.path("rollouts", f"step-{step:06d}.jsonl"))
        mark = os.path.join(own, "latest_checkpointed_iteration.txt")  # written when a checkpoint is whole
        if os.path.exists(mark):
            with open(mark) as file:
                step = int(file.read() or 0)
            folder = os.path.join(own, f"global_step_{step}")
            if os.path.isdir(folder): stage.checkpoint(step, folder, inside=f"global_step_{step}")


asked = []
arguments = command()
stage.phase = "training"
stage.begin()
process = subprocess.Popen(arguments, env={**os.environ, "VERL_FILE_LOGGER_PATH": log}, start_new_session=True)
on_sigterm(lambda: (asked.append(True), os.killpg(process.pid, signal.SIGTERM)))
follower = Follower()
while process.poll() is None:
    follower.look()
    time.sleep(0.2)
follower.look()
saved = (glob.glob(os.path.join(stage.job.get("resume_from") or own, "global_step_*")) + glob.glob(stage.path("checkpoints", "step-*", "global_step_*")))
if asked:
    stage.event(stage.step, "stopped", "SIGTERM", "verl was ended; it goes on from its last checkpoint.")
    sys.exit(75)
if process.returncode != 0:
    sys.exit(process.returncode if process.returncode > 0 else 128 - process.returncode)
if not saved:
    print("verl ended and left no checkpoint: set save_freq so that its last step is saved", file=sys.stderr)
    sys.exit(70)
stage.phase = "saving"
subprocess.run([*stage.options["merge"], "merge", "--backend", "fsdp", "--local_dir", os.path.join(max(saved, key=lambda path: int(path.rsplit("_", 1)[1])), "actor"), "--target_dir", stage.job["outputs"]["model"]], check=True)
stage.finish()
