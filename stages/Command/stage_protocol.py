"""The stage protocol for adapters: what a trainer of somebody else needs to be a stage. Python's standard library alone."""
import hashlib, json, os, signal, sys, threading
from datetime import datetime, timezone


class Stage:
    def __init__(self, **defaults):
        """Reads the job; `defaults` are all the options that there are."""
        self.folder = os.path.dirname(os.environ["PIPELINE_JOB"])
        with open(os.environ["PIPELINE_JOB"]) as file:
            self.job = json.load(file)
        if os.path.exists(self.path("result.json")):
            sys.exit(0)  # done before
        if unknown := sorted(self.job["options"].keys() - defaults.keys()):
            self.refuse(f"there is no option {unknown[0]}; there are {', '.join(sorted(defaults))}")
        self.options = {**defaults, **self.job["options"]}
        self.step, self.total, self.phase = 0, 0, "loading"
        self._done = threading.Event()

    def path(self, *names): return os.path.join(self.folder, *names)

    def input(self, name):
        if name not in self.job["inputs"]:
            self.refuse(f"the input {name} is missing")
        return self.job["inputs"][name]["path"]

    def refuse(self, why):
        """Ends the program: the configuration is wrong, and to start it again cannot help. The mark is for launchers, which hand no code on."""
        print(why, file=sys.stderr)
        open(self.path("refused"), "w").close()
        sys.exit(78)

    def begin(self):
        """Lets the heart beat, by a thread that does nothing else."""
        def beat():
            while True:
                self.write("heartbeat", {"step": self.step, "total": self.total, "phase": self.phase})
                if self._done.wait(2):
                    return
        threading.Thread(target=beat, daemon=True).start()

    def write(self, name, value):
        """Whole or not at all."""
        partial = self.path(f"{name}.tmp")
        with open(partial, "w") as file:
            json.dump(value, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, self.path(name))

    def append(self, name, row):
        with open(self.path(name), "a") as file:
            file.write(json.dumps(row) + "\n")

    def metrics(self, step, values):
        """A line of metrics: numbers and nothing else, under the names that they come with."""
        numbers = {name: value for name, value in values.items() if isinstance(value, (int, float)) and not isinstance(value, bool) and name != "step"}
        self.step = max(self.step, step)
        self.append("metrics.jsonl", {"step": step, "time": self.now(), **numbers})

    def event(self, step, kind, code, message, **data):
        self.append("events.jsonl", {"time": self.now(), "step": step, "kind": kind, "code": code, "message": message, **({"data": data} if data else {})})

    def checkpoint(self, step, source, inside=""):
        """Makes a checkpoint of the folder `source` that a trainer has written whole; as its part `inside`, if that is given."""
        final, partial = self.path("checkpoints", f"step-{step:06d}"), self.path("checkpoints", f"step-{step:06d}.tmp-{self.job['attempt']}")
        if os.path.isdir(final):
            return
        os.makedirs(partial if inside else os.path.dirname(partial), exist_ok=True)
        os.rename(source, os.path.join(partial, inside) if inside else partial)
        files = [{"path": os.path.relpath(path, partial), "size": os.path.getsize(path), "sha256": sha256(path)} for path in files_of(partial)]
        with open(os.path.join(partial, "manifest.json"), "w") as file:
            json.dump({"format": 1, "step": step, "fingerprint": self.job["fingerprint"], "files": files}, file)
            file.flush()
            os.fsync(file.fileno())
        os.rename(partial, final)
        self.event(step, "checkpoint", "CHECKPOINT", f"Checkpoint at step {step}.", path=final)

    def verified_checkpoint(self):
        """The folder to go on from; None to start afresh."""
        folder = self.job.get("resume_from")
        if folder:
            with open(os.path.join(folder, "manifest.json")) as file:
                manifest = json.load(file)
            for one in manifest["files"]:
                if sha256(os.path.join(folder, one["path"])) != one["sha256"]:
                    print(f"{folder}/{one['path']} is damaged", file=sys.stderr)
                    sys.exit(70)
            self.step = manifest["step"]
        return folder

    def finish(self, metrics=None, warnings=()):
        """Says that the work is done; the engine hashes the outputs."""
        self._done.set()
        outputs = {name: {"kind": "model" if name == "model" else "file", "digest": ""} for name in self.job["outputs"]}
        self.write("result.json", {"protocol": 1, "token": self.job["token"], "outputs": outputs, "metrics": metrics or {}, "warnings": list(warnings)})

    @staticmethod
    def now(): return datetime.now(timezone.utc).isoformat()


def files_of(folder): return sorted(os.path.join(where, name) for where, _, names in os.walk(folder) for name in names)


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def on_sigterm(action): signal.signal(signal.SIGTERM, lambda *_: action())
