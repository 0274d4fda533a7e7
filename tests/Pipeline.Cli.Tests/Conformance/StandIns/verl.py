"""Writes what verl writes, where verl writes it, and learns nothing: its file log, completions, checkpoints and merged model."""
import json, os, sys, time

if sys.argv[1] == "merge":
    source, target = sys.argv[sys.argv.index("--local_dir") + 1], sys.argv[sys.argv.index("--target_dir") + 1]
    os.makedirs(target)
    with open(f"{source}/model.pt") as weights, open(f"{target}/model.safetensors", "w") as model: model.write(weights.read())
    sys.exit(0)
settings = dict(argument.split("=", 1) for argument in sys.argv[1:])
own, resume = settings["trainer.default_local_dir"], settings.get("trainer.resume_from_path")
step = int(resume.rsplit("_", 1)[1]) if settings["trainer.resume_mode"] == "resume_path" else 0
os.makedirs(settings["trainer.rollout_data_dir"], exist_ok=True)
while step < int(settings["trainer.total_training_steps"]):
    time.sleep(0.05)
    step += 1
    with open(f"{settings['trainer.rollout_data_dir']}/{step}.jsonl", "w") as table:
        table.write(json.dumps({"input": "1 + 1", "output": "2", "score": 1.0, "step": step, "gts": "2"}) + "\n")
    if step % int(settings["trainer.save_freq"]) == 0:
        os.makedirs(f"{own}/global_step_{step}/actor")
        with open(f"{own}/global_step_{step}/actor/model.pt", "w") as weights: weights.write(f"weights of step {step}")
        with open(f"{own}/latest_checkpointed_iteration.txt", "w") as mark: mark.write(str(step))
    with open(os.environ["VERL_FILE_LOGGER_PATH"], "a") as log:
        log.write(json.dumps({"step": step, "data": {"critic/rewards/mean": step / 10, "actor/entropy": 0.5, "training/epoch": 0}}) + "\n")
