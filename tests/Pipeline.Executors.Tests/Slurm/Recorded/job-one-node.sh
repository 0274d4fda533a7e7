#!/bin/bash
# The Slurm job of an attempt, submitted with
#   sbatch '--job-name=20261125-101500-r1-abcd.base.1' \
#     '--chdir=/shared/state of r1/runs/20261125-101500-r1-abcd/base/attempt-1' \
#     '--output=/shared/state of r1/runs/20261125-101500-r1-abcd/base/attempt-1/stdout.log' \
#     '--error=/shared/state of r1/runs/20261125-101500-r1-abcd/base/attempt-1/stderr.log' \
#     '--open-mode=append' \
#     '--export=ALL' \
#     '--no-requeue' \
#     '--kill-on-invalid-dep=yes' \
#     '--nodes=1' \
#     '--ntasks=1' \
#     '--cpus-per-task=8' \
#     '--mem=38147M' \
#     '--gres=gpu:a100:1' \
#     '--partition=gpu' \
#     '--account=lab' \
#     '--qos=high' \
#     '--constraint=infiniband' \
#     '--time=362' \
#     '--signal=B:TERM@90'
# It starts the stage once, hands SIGTERM on as "checkpoint and exit", and tells in exit.json how it ended.

attempt='/shared/state of r1/runs/20261125-101500-r1-abcd/base/attempt-1'
work='/shared/state of r1/runs/20261125-101500-r1-abcd/base/attempt-1'
program=('/opt/dotnet/dotnet' '/shared/state of r1/programs/01ab/pipeline-stage.dll' 'it'\''s')
wall=21540 # seconds from which on a SIGTERM is the attempt's own time limit; 0: it has none
grace=60 # seconds from SIGTERM to SIGKILL

cd "$attempt" || exit 72 # Slurm itself would go on in /tmp
mkdir begun || exit 73 # an earlier start of this job, on a node that was given up, has the folder
export PIPELINE_JOB="$attempt/job.json" CUDA_VISIBLE_DEVICES="${CUDA_VISIBLE_DEVICES-}"

stage='' asked=nobody kill_at='' peak=0

record() { # code, signal, message
  local stat=($(< "/proc/$$/stat")) time
  local ticks=$((stat[15] + stat[16])) # processor time of children that were waited for, in 1/100 s
  time=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  printf '{"code":%s,"signal":%s,"asked_by":"%s","peak_memory_bytes":%d,"cpu_seconds":%d.%02d,"time":"%s","message":%s}\n' \
    "$1" "$2" "$asked" "$peak" $((ticks / 100)) $((ticks % 100)) "$time" "${3:-null}" > "$attempt/exit.json.tmp"
  sync "$attempt/exit.json.tmp"
  mv "$attempt/exit.json.tmp" "$attempt/exit.json"
}

hand_on() { kill -TERM "$stage"; }

stop() {
  [ -z "$kill_at" ] || return
  kill_at=$((SECONDS + grace))
  asked=$(sed -n 's/.*"asked_by": *"\([a-z_]*\)".*/\1/p' "$attempt/stop.json" 2>/dev/null)
  [ -n "$asked" ] || { ((wall > 0 && SECONDS >= wall)) && asked=wall_limit || asked=nobody; }
  [ -z "$stage" ] || hand_on
}
trap stop TERM

cd "$work" || { record 78 null '"The stage'\''s working folder is not there on the node."'; exit 78; }
"${program[@]}" &
stage=$!
[ -z "$kill_at" ] || hand_on

while kill -0 "$stage" 2>/dev/null; do
  touch "$attempt/lease"
  resident=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$stage/status" 2>/dev/null)
  [ -z "$resident" ] || peak=$((resident * 1024))
  [ -z "$kill_at" ] || ((SECONDS < kill_at)) || kill -KILL "$stage"
  sleep 1 &
  wait -n "$stage" $!
done
wait "$stage"
code=$?
if ((code > 128)); then record null $((code - 128)); else record "$code" null; fi
exit "$code" # what the stage has left behind is ended by Slurm, with the job
