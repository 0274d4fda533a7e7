"""A worker as trl_grpo.py is one, with a sum in TRL's place: what it saves, stops at and tells goes through the same protocol."""
import json, os, sys, time

sys.path.insert(0, os.environ["ADAPTERS"])
from stage_protocol import Stage

stage = Stage(steps=10)
stage.total, total = stage.options["steps"], 0
if checkpoint := stage.verified_checkpoint():
    with open(f"{checkpoint}/trainer_state.json") as file: total = json.load(file)["total"]
stage.begin()
while stage.step < stage.total:
    time.sleep(0.05)
    total += stage.step
    stage.metrics(stage.step + 1, {"reward": total, "note": "no number"})
    stopping = os.path.exists(stage.path("stop"))
    if stopping or stage.step == stage.total:
        own = stage.path("trainer", f"checkpoint-{stage.step}")
        os.makedirs(own)
        with open(f"{own}/trainer_state.json", "w") as file: json.dump({"total": total}, file)
        stage.checkpoint(stage.step, own)
    if stopping and stage.step < stage.total: sys.exit(0)  # as torchrun's workers: launch.py knows what it means
os.makedirs(stage.job["outputs"]["model"])
with open(f"{stage.job['outputs']['model']}/model.safetensors", "w") as model: model.write(str(total))
stage.finish({"reward": total})
