#!/usr/bin/env bash
# The slurm container: a controller and one node on the container's own name, until it is asked to stop.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
export SLURM_LOCAL_ADDRESS=${SLURM_LOCAL_ADDRESS:-$(hostname -s)} SLURM_LOCAL_NODES=1 SLURM_LOCAL_GPUS=0
export SLURM_LOCAL_CPUS=${SLURM_LOCAL_CPUS:-$(nproc)}
export SLURM_LOCAL_MEMORY_MB=${SLURM_LOCAL_MEMORY_MB:-$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1024 * 9 / 10))}
trap 'bash "$here/slurm-local.sh" stop-controller; exit 0' TERM INT # what is queued is in the state that it saves
bash "$here/slurm-local.sh" up
sinfo
while scontrol ping >/dev/null; do
  sleep 5 &
  wait $!
done
echo "the controller has ended" >&2
exit 1
