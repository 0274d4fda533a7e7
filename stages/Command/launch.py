"""Starts a launcher such as torchrun as a stage, one on each node.

    python3 launch.py torchrun trl_grpo.py

torchrun kills its workers half a minute after a SIGTERM and ends with a code of its own. So neither hears of it (Slurm may signal every
process): the file `stop` in the attempt's folder says so, which workers look at after each step. Who ends without a result after that
is interrupted, 75.
"""
import os, signal, subprocess, sys

folder = os.path.dirname(os.environ["PIPELINE_JOB"])
stop, result = os.path.join(folder, "stop"), os.path.join(folder, "result.json")
if os.path.exists(result):
    sys.exit(0)  # done before
signal.signal(signal.SIGTERM, lambda *_: open(stop, "w").close())
environment = {**os.environ, "TORCHELASTIC_SIGNALS_TO_HANDLE": "SIGINT,SIGHUP,SIGQUIT"}  # older versions handle SIGTERM all the same
program = subprocess.Popen(sys.argv[1:], env=environment, start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN))
code = program.wait()
if code == 0 and os.path.exists(stop) and not os.path.exists(result):
    sys.exit(75)
refused = os.path.join(folder, "refused")
sys.exit(78 if os.path.exists(refused) else code if code >= 0 else 128 - code)
