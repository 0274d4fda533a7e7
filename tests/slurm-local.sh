#!/usr/bin/env bash
# A real Slurm on this machine for tests: a controller and several nodes on loopback, without systemd or /etc.
#   slurm-local.sh up           start it and wait until every node is idle
#   slurm-local.sh destroy      end its jobs and daemons, remove its folder
#   slurm-local.sh kill-node N  kill the daemon of a node, as a lost machine would
#   slurm-local.sh start-node N start it again
#   slurm-local.sh stop-controller [SIGNAL] / start-controller
# SLURM_LOCAL_DIR is its folder, SLURM_LOCAL_PORT the first of its ports; with SLURM_LOCAL_OWNER=PID it ends with that process.
# SLURM_LOCAL_ADDRESS is where it listens: loopback, unless others are to reach it, as between containers.
# Clients need one variable: SLURM_CONF=$SLURM_LOCAL_DIR/slurm.conf. Works as root and as an ordinary user.
set -euo pipefail
dir=${SLURM_LOCAL_DIR:?the folder of the cluster}
port=${SLURM_LOCAL_PORT:-26800}
nodes=${SLURM_LOCAL_NODES:-2} cpus=${SLURM_LOCAL_CPUS:-4} memory=${SLURM_LOCAL_MEMORY_MB:-8000} gpus=${SLURM_LOCAL_GPUS:-2}
address=${SLURM_LOCAL_ADDRESS:-127.0.0.1}
export SLURM_CONF=$dir/slurm.conf
PATH=$PATH:/usr/sbin

# A zombie counts as dead: in a container process 1 may not reap.
running() { local state; state=$(sed -n 's/^State:[[:space:]]*\([A-Z]\).*/\1/p' "/proc/$1/status" 2>/dev/null) && [ -n "$state" ] && [ "$state" != Z ]; }

# stop_daemons SIGNAL PIDFILE...: signals what the pid files name, if it is that program still, and waits for the end.
stop_daemons() {
  local signal=$1 file pid name pids=()
  shift
  for file in "$@"; do
    [ -s "$file" ] || continue
    pid=$(cat "$file") name=$(basename "$file" .pid)
    if [[ $(cat "/proc/$pid/comm" 2>/dev/null) == "${name%%-*}"* ]]; then kill "-$signal" "$pid" 2>/dev/null && pids+=("$pid") || true; fi
  done
  for pid in ${pids[@]+"${pids[@]}"}; do
    for _ in $(seq 100); do running "$pid" || break; sleep 0.05; done
    ! running "$pid" || kill -KILL "$pid" || true
  done
  rm -f "$@"
}

wait_for() { # seconds, what, command...
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "slurm-local: waited in vain for $what" >&2; tail -n 20 "$dir"/log/*.log >&2 || true; return 1; }
    sleep 0.05
  done
}

configure() {
  mkdir -p "$dir"/{log,pid,state,dev,munge}
  chmod 755 "$dir" "$dir/munge"
  chmod 700 "$dir/state"
  [ -s "$dir/munge/key" ] || (umask 077; head -c 1024 /dev/urandom > "$dir/munge/key")
  : > "$dir/gres.conf"
  : > "$dir/plugstack.conf"
  local node gpu
  for node in $(seq "$nodes"); do
    mkdir -p "$dir/spool/node$node"
    [ "$gpus" -gt 0 ] || continue
    # A GPU is any character device; jobs see its number in CUDA_VISIBLE_DEVICES and never open it.
    for gpu in $(seq 0 $((gpus - 1))); do [ -e "$dir/dev/node$node-gpu$gpu" ] || mknod -m 666 "$dir/dev/node$node-gpu$gpu" c 1 3 2>/dev/null || true; done
    if [ -e "$dir/dev/node$node-gpu0" ]; then echo "NodeName=node$node Name=gpu Type=fake File=$dir/dev/node$node-gpu[0-$((gpus - 1))]"
    else echo "NodeName=node$node Name=gpu Type=fake File=/dev/tty[0-$((gpus - 1))]"; fi >> "$dir/gres.conf"
  done
  local host gres=''
  host=$(hostname -s)
  [ "$gpus" -eq 0 ] || gres=" Gres=gpu:fake:$gpus"
  cat > "$SLURM_CONF" <<CONF
ClusterName=local
SlurmctldHost=$host($address)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
SlurmctldPort=$port
AuthType=auth/munge
AuthInfo=socket=$dir/munge/socket,cred_expire=5
CryptoType=crypto/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
MpiDefault=none
SwitchType=switch/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
GresTypes=gpu
DefMemPerCPU=100
SlurmctldPidFile=$dir/pid/slurmctld.pid
SlurmdPidFile=$dir/pid/slurmd-%n.pid
SlurmdSpoolDir=$dir/spool/%n
StateSaveLocation=$dir/state
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd-%n.log
PlugStackConfig=$dir/plugstack.conf
MailProg=/bin/true
SlurmdTimeout=6
SlurmctldTimeout=5
InactiveLimit=0
KillWait=3
UnkillableStepTimeout=10
MessageTimeout=${SLURM_LOCAL_MESSAGE_TIMEOUT:-10}
ReturnToService=1
MinJobAge=${SLURM_LOCAL_MIN_JOB_AGE:-300}
JobRequeue=1
SchedulerType=sched/backfill
SchedulerParameters=bf_interval=1,batch_sched_delay=0,sched_min_interval=0,sched_interval=5
PriorityType=priority/basic
JobCompType=jobcomp/none
AccountingStorageType=accounting_storage/none
SlurmdParameters=config_overrides
NodeName=node[1-$nodes] NodeHostname=$host NodeAddr=$address Port=[$((port + 1))-$((port + nodes))] CPUs=$cpus RealMemory=$memory$gres State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE DefaultTime=60 State=UP
PartitionName=spare Nodes=node1 MaxTime=INFINITE DefaultTime=60 State=UP
CONF
}

start_node() { slurmd -N "node$1" </dev/null >>"$dir/log/slurmd-node$1.out" 2>&1; }
start_controller() { slurmctld </dev/null >>"$dir/log/slurmctld.out" 2>&1; }
all_idle() { [ "$(sinfo -h -N -p main -t idle -o %N | sort -u | wc -l)" = "$nodes" ] && ! sinfo -h -N -o %t | grep -q '\*'; }

up() {
  configure
  munged --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/pid/munged.pid" \
    --log-file="$dir/log/munged.log" --seed-file="$dir/munge/seed" --num-threads=2 </dev/null >/dev/null 2>&1
  start_controller
  local node
  for node in $(seq "$nodes"); do start_node "$node"; done
  wait_for 30 "the controller" scontrol ping
  wait_for 60 "idle nodes" all_idle
  if [ -n "${SLURM_LOCAL_OWNER:-}" ]; then
    (while running "$SLURM_LOCAL_OWNER"; do sleep 2; done; [ ! -d "$dir" ] || "$0" destroy) </dev/null >/dev/null 2>&1 &
  fi
}

destroy() {
  stop_daemons TERM "$dir"/pid/slurmctld.pid
  stop_daemons TERM "$dir"/pid/slurmd-*.pid
  stop_daemons TERM "$dir"/pid/munged.pid
  # Jobs, and what a killed node left behind: their environment names this cluster.
  local pid
  for pid in $(ls /proc | grep -E '^[0-9]+$'); do
    [ "$pid" != $$ ] && grep -zqx "SLURM_CONF=$SLURM_CONF" "/proc/$pid/environ" 2>/dev/null || continue
    if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = slurmstepd ] || grep -zq '^SLURM_JOB_ID=' "/proc/$pid/environ" 2>/dev/null; then kill -KILL "$pid" 2>/dev/null || true; fi
  done
  rm -rf "$dir"
}

case ${1:-} in
  up) up ;;
  destroy) destroy ;;
  start-node) start_node "$2" ;;
  kill-node) stop_daemons KILL "$dir/pid/slurmd-node$2.pid" ;;
  start-controller) start_controller && wait_for 30 "the controller" scontrol ping ;;
  stop-controller) stop_daemons "${2:-TERM}" "$dir/pid/slurmctld.pid" ;;
  *) sed -n '2,11p' "$0"; exit 2 ;;
esac
