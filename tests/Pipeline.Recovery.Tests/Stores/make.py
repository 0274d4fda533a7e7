#!/usr/bin/env python3
"""Makes Stores/vN: the state folder of three runs (done, failed, cut off by kill -9) as the present version writes it.

    python3 make.py tests/Pipeline.Recovery.Tests/bin/Debug/net10.0 tests/Pipeline.Recovery.Tests/Stores/vN
    python3 make.py tests/Pipeline.Recovery.Tests/bin/Debug/net10.0 tests/Pipeline.Recovery.Tests/Stores/postgres-vN postgres://...

Once for each version of the schema of SQLite, and of PostgreSQL with the address of an empty database, by the last program of
that version. Paths become placeholders.
"""
import glob, os, shutil, sqlite3, subprocess, sys, tempfile, time

programs, target = map(os.path.abspath, sys.argv[1:3])
database = sys.argv[3] if len(sys.argv) > 3 else None
root = tempfile.mkdtemp()
state, gate = root + "/state", root + "/gate"
env = dict(os.environ, PIPELINE_STATE=state)
if database:
    env["PIPELINE_STORE"] = database
cli = ["dotnet", programs + "/pipeline.dll"]


def stage(name, options, needs=""):
    inputs = ", ".join(f'{need}: "${{{{ stages.{need}.outputs.chain }}}}"' for need in needs.split())
    return f"""  {name}:
    uses: command
    run: [dotnet, "{programs}/fake-stage.dll"]
    inputs: {{ {inputs} }}
    outputs: {{ chain: file }}
    resources: {{ cpus: 1 }}
    with: {{ {options} }}
"""


def pipeline(name, *stages):
    path = f"{root}/{name}.yaml"
    with open(path, "w") as file:
        file.write(f"apiVersion: pipeline/v1\nkind: Pipeline\nname: {name}\nstages:\n" + "".join(stages))
    return path


work = "steps: 6, checkpoint_every: 2"
assert subprocess.run(cli + ["run", pipeline("done", stage("a", work))], env=env).returncode == 0
assert subprocess.run(cli + ["run", pipeline("failed", stage("a", work + ", fail_at: 3, exit_code: 78"))], env=env).returncode == 1
held = stage("b", f'{work}, hold_at: 5, hold_until: "{gate}"', "a")
engine = subprocess.Popen(cli + ["run", pipeline("cut_off", stage("a", work), held, stage("c", work, "b"))], env=env)
while not any('"held"' in open(beat).read() for beat in glob.glob(state + "/runs/*/b/attempt-1/heartbeat")):
    time.sleep(0.05)
time.sleep(1)  # its events are copied into the journal
engine.kill()
engine.wait()
for process in filter(str.isdigit, os.listdir("/proc")):
    try:
        if int(process) != os.getpid() and root.encode() in open(f"/proc/{process}/environ", "rb").read():
            os.kill(int(process), 9)
    except OSError:
        pass

places = [(state, "@STATE@"), (gate, "@GATE@"), (programs, "@PROGRAMS@"), (root, "@FOLDER@")]


def with_placeholders(text):
    for place, placeholder in places:
        text = text.replace(place, placeholder)
    return text


os.makedirs(target)
if database:
    dump = subprocess.run(["pg_dump", "--inserts", "--no-owner", database], check=True, capture_output=True, text=True)
    with open(target + "/journal.sql", "w") as file:
        # Commands of psql's own, "\restrict", which older ones do not know.
        file.writelines(line for line in with_placeholders(dump.stdout).splitlines(True) if not line.startswith("\\"))
else:
    journal = sqlite3.connect(state + "/journal.db")
    for place, placeholder in places:
        journal.execute("UPDATE events SET body = replace(body, ?, ?)", (place, placeholder))
        journal.execute("UPDATE attempts SET parts = replace(parts, ?, ?)", (place, placeholder))
    journal.commit()
    journal.execute("PRAGMA journal_mode = DELETE")
    journal.execute("VACUUM")
    journal.close()
    shutil.copy(state + "/journal.db", target)

# Beside the journal: what the first stage of the run made that was cut off, and what its second left.
shutil.copy(state + "/layout.json", target)
run = os.path.dirname(os.path.dirname(glob.glob(state + "/runs/*/b/attempt-1")[0]))
left = {"job.json", "launch.json", "shim.json", "lease", "heartbeat", "events.jsonl", "metrics.jsonl", "state.json", "manifest.json"}
for path in glob.glob(run + "/**/*", recursive=True):
    if os.path.basename(path) not in (left if "/b/" in path else {"chain.txt", "result.json", "exit.json"}):
        continue
    copy = os.path.join(target, os.path.relpath(path, state))
    os.makedirs(os.path.dirname(copy), exist_ok=True)
    with open(copy, "w") as file:
        file.write(with_placeholders(open(path).read()))
shutil.rmtree(root)
