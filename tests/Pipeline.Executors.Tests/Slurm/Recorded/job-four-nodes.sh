#!/bin/bash
# The Slurm job of an attempt, submitted with
#   sbatch '--job-name=20261125-101500-r1-abcd.big-seed-1-.2-534bda48456b' \
#     '--chdir=/state/100%/runs/r/big/attempt-2' \
#     '--output=/state/100%%/runs/r/big/attempt-2/stdout.log' \
#     '--error=/state/100%%/runs/r/big/attempt-2/stderr.log' \
#     '--open-mode=append' \
#     '--export=ALL' \
#     '--no-requeue' \
#     '--kill-on-invalid-dep=yes' \
#     '--nodes=4' \
#     '--ntasks=4' \
#     '--cpus-per-task=64' \
#     '--gres=gpu:8' \
#     '--time=1440' \
#     '--signal=B:TERM@330'
# It starts the stage once, hands SIGTERM on as "checkpoint and exit", and tells in exit.json how it ended.

attempt='/state/100%/runs/r/big/attempt-2'
work='/home/ada/project'
program=('torchrun' 'train.py')
wall=0 # seconds from which on a SIGTERM is the attempt's own time limit; 0: it has none
grace=300 # seconds from SIGTERM to SIGKILL

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

hand_on() { scancel --signal=TERM "$SLURM_JOB_ID"; }

stop() {
  [ -z "$kill_at" ] || return
  kill_at=$((SECONDS + grace))
  asked=$(sed -n 's/.*"asked_by": *"\([a-z_]*\)".*/\1/p' "$attempt/stop.json" 2>/dev/null)
  [ -n "$asked" ] || { ((wall > 0 && SECONDS >= wall)) && asked=wall_limit || asked=nobody; }
  [ -z "$stage" ] || hand_on
}
trap stop TERM

cd "$work" || { record 78 null '"The stage'\''s working folder is not there on the node."'; exit 78; }
MASTER_ADDR=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
MASTER_PORT=$((20000 + SLURM_JOB_ID % 10000))
NNODES=4
export MASTER_ADDR MASTER_PORT NNODES
export PET_MASTER_ADDR=$MASTER_ADDR PET_MASTER_PORT=$MASTER_PORT PET_NNODES=$NNODES PET_NPROC_PER_NODE=8
srun --nodes=4 --ntasks=4 --cpus-per-task=64 --kill-on-bad-exit=1 \
  bash -c 'export NODE_RANK=$SLURM_NODEID PET_NODE_RANK=$SLURM_NODEID; trap : TERM
    "$@"; code=$?; [ "$code" != 0 ] || exit 0
    (set -o noclobber; echo "$code" > "$0/ended") 2>/dev/null
    [ "$code" = 75 ] || exit "$code"' "$attempt" "${program[@]}" &
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
code=$?; [ ! -s "$attempt/ended" ] || code=$(< "$attempt/ended")
if ((code > 128)); then record null $((code - 128)); else record "$code" null; fi
exit "$code" # what the stage has left behind is ended by Slurm, with the job
