"""A stage in nothing but Python's standard library: fits a line, tells how far it is, and can be stopped at any step."""
import hashlib, json, os, random, signal, sys, threading
from datetime import datetime, timezone

job_file = os.environ["PIPELINE_JOB"]
folder = os.path.dirname(job_file)
with open(job_file) as file: job = json.load(file)
options = {"steps": 100, "learning_rate": 0.1, "steps_per_checkpoint": 50, "seconds_per_step": 0.0}
state = {"step": 0, "slope": 0.0, "offset": 0.0, "loss": 0.0}
stop, beating = threading.Event(), threading.Event()

def now(): return datetime.now(timezone.utc).isoformat()
def sha256(path): return hashlib.sha256(open(path, "rb").read()).hexdigest()

def write(path, value):  # whole or not at all: nobody ever reads half of it
    with open(path + ".tmp", "w") as file: file.write(json.dumps(value)); file.flush(); os.fsync(file.fileno())
    os.replace(path + ".tmp", path)

def append(name, row):
    with open(f"{folder}/{name}", "a") as file: file.write(json.dumps(row) + "\n")

def beat():  # a thread of its own, so that a long step is not taken for a dead one
    while not beating.wait(2): write(f"{folder}/heartbeat", {"step": state["step"], "total": options["steps"], "phase": "training"})

def save():
    final = f"{folder}/checkpoints/step-{state['step']:06d}"
    if state["step"] == 0 or os.path.isdir(final): return
    partial = f"{final}.tmp-{job['attempt']}"
    os.makedirs(partial, exist_ok=True)
    write(f"{partial}/state.json", state)
    files = [{"path": "state.json", "size": os.path.getsize(f"{partial}/state.json"), "sha256": sha256(f"{partial}/state.json")}]
    write(f"{partial}/manifest.json", {"format": 1, "step": state["step"], "fingerprint": job["fingerprint"], "files": files})
    os.rename(partial, final)
    append("events.jsonl", {"time": now(), "step": state["step"], "kind": "checkpoint", "code": "CHECKPOINT",
                            "message": f"Checkpoint at step {state['step']}.", "data": {"path": final}})

if os.path.exists(f"{folder}/result.json"): sys.exit(0)  # done before
if unknown := sorted(job["options"].keys() - options.keys()):
    print(f"there is no option {unknown[0]}; there are {', '.join(options)}", file=sys.stderr)
    sys.exit(78)
options.update(job["options"])
if checkpoint := job.get("resume_from"):
    with open(f"{checkpoint}/manifest.json") as file: manifest = json.load(file)
    if any(sha256(f"{checkpoint}/{one['path']}") != one["sha256"] for one in manifest["files"]):
        print(f"{checkpoint} is damaged", file=sys.stderr)
        sys.exit(70)
    with open(f"{checkpoint}/state.json") as file: state = json.load(file)
signal.signal(signal.SIGTERM, lambda *_: stop.set())
write(f"{folder}/heartbeat", {"step": state["step"], "total": options["steps"], "phase": "training"})
threading.Thread(target=beat, daemon=True).start()

while state["step"] < options["steps"]:
    if stop.wait(options["seconds_per_step"]) or stop.is_set():
        save()
        append("events.jsonl", {"time": now(), "step": state["step"], "kind": "stopped", "code": "SIGTERM", "message": "Asked to stop."})
        sys.exit(75)
    x = random.Random(f"{job['seed']} {state['step']}").uniform(-1, 1)  # of seed and step alone: a resumed run draws the same
    error = state["slope"] * x + state["offset"] - (3 * x + 1)
    state = {"step": state["step"] + 1, "slope": state["slope"] - options["learning_rate"] * error * x,
             "offset": state["offset"] - options["learning_rate"] * error, "loss": error * error}
    append("metrics.jsonl", {"step": state["step"], "time": now(), "loss": state["loss"]})
    if state["step"] % options["steps_per_checkpoint"] == 0: save()

outputs = {}
for name, path in job["outputs"].items():
    os.makedirs(os.path.dirname(path), exist_ok=True)
    write(path, {"slope": state["slope"], "offset": state["offset"]})
    outputs[name] = {"kind": "file", "digest": "sha256:" + sha256(path)}
beating.set()
write(f"{folder}/result.json", {"protocol": 1, "token": job["token"], "outputs": outputs, "metrics": {"loss": state["loss"]}})
