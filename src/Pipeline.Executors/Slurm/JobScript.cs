using System.Globalization;
using Pipeline.Engine.Ports;

namespace Pipeline.Executors.Slurm;

/// <summary>What Slurm is given for an attempt: options for <c>sbatch</c>, and the script that stands in the shim's place.</summary>
/// <param name="Options">Options, each one argument.</param>
/// <param name="Text">The script. No secret is in it: the environment is handed on by sbatch.</param>
internal sealed record JobScript(IReadOnlyList<string> Options, string Text)
{
    /// <summary>Exit code of a script that does not find the attempt's folder.</summary>
    public const int FolderMissing = 72;

    /// <summary>Exit code of a script that finds the folder taken by an earlier start of the same job.</summary>
    public const int BegunBefore = 73;

    // Slurm looks at time limits every 30 s.
    private const int Slack = 30;

    /// <summary>Options and script for a job.</summary>
    public static JobScript Of(JobRequest job)
    {
        var options = OptionsOf(job).ToList();
        return new(options, TextOf(job, options));
    }

    private static IEnumerable<string> OptionsOf(JobRequest job)
    {
        var (folder, resources, slurm) = (job.Handle.Folder, job.Resources, job.Slurm);
        yield return $"--job-name={SlurmRecord.NameOf(job.Handle.Name)}";
        yield return $"--chdir={folder.Path}";
        yield return $"--output={Literal(folder.StandardOutput)}";
        yield return $"--error={Literal(folder.StandardError)}";
        yield return "--open-mode=append";
        yield return "--export=ALL";
        // A lost job is tried again by the engine, in a folder of its own: the lost copy may still be writing.
        yield return "--no-requeue";
        yield return "--kill-on-invalid-dep=yes";
        yield return $"--nodes={resources.Nodes}";
        yield return $"--ntasks={resources.Nodes}";
        yield return $"--cpus-per-task={Cpus(job)}";
        if (resources.MemoryBytes is { } bytes) yield return $"--mem={(bytes + (1 << 20) - 1) >> 20}M";
        if (resources.Gpus > 0) yield return $"--gres=gpu:{(slurm?.GpuType is { } type ? type + ":" : "")}{resources.Gpus}";
        if (slurm?.Partition is { } partition) yield return $"--partition={partition}";
        if (slurm?.Account is { } account) yield return $"--account={account}";
        if (slurm?.Qos is { } qos) yield return $"--qos={qos}";
        if (slurm?.Constraint is { } constraint) yield return $"--constraint={constraint}";
        if (TimeSeconds(job) is { } seconds) yield return $"--time={Whole(Math.Ceiling(seconds / 60))}";
        yield return $"--signal=B:TERM@{Whole(Notice(job))}";
    }

    /// <summary>The earlier of the job's own limit and the end of the grace time after the attempt's.</summary>
    private static double? TimeSeconds(JobRequest job)
    {
        var untilKilled = job.Limits.WallSeconds + Notice(job);
        return job.Slurm?.TimeSeconds is { } own && !(untilKilled < own) ? own : untilKilled;
    }

    /// <summary>Seconds between the warning and Slurm's own kill.</summary>
    private static double Notice(JobRequest job) => job.Limits.GraceSeconds + Slack;

    private static int Cpus(JobRequest job) => Math.Max(1, job.Resources.Cpus ?? 1);

    private static string TextOf(JobRequest job, IEnumerable<string> options)
    {
        var folder = job.Handle.Folder.Path;
        var (start, handOn, code) = job.Resources.Nodes > 1
            ? (OnEveryNode(job), "scancel --signal=TERM \"$SLURM_JOB_ID\"", "code=$?; [ ! -s \"$attempt/ended\" ] || code=$(< \"$attempt/ended\")")
            : ("\"${program[@]}\" &", "kill -TERM \"$stage\"", "code=$?");
        // A warning may be early by as much as Slurm's rounding to whole minutes and its look every 30 s.
        var wall = job.Limits.WallSeconds is { } seconds ? Math.Max(1, seconds - 2 * Slack) : 0;
        return $$"""
            #!/bin/bash
            # The Slurm job of an attempt, submitted with
            #   sbatch {{string.Join(" \\\n#     ", options.Select(Quoted))}}
            # It starts the stage once, hands SIGTERM on as "checkpoint and exit", and tells in exit.json how it ended.

            attempt={{Quoted(folder)}}
            work={{Quoted(job.WorkingFolder ?? folder)}}
            program=({{string.Join(' ', job.Program.Select(Quoted))}})
            wall={{Whole(wall)}} # seconds from which on a SIGTERM is the attempt's own time limit; 0: it has none
            grace={{Whole(job.Limits.GraceSeconds)}} # seconds from SIGTERM to SIGKILL

            cd "$attempt" || exit {{FolderMissing}} # Slurm itself would go on in /tmp
            mkdir begun || exit {{BegunBefore}} # an earlier start of this job, on a node that was given up, has the folder
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

            hand_on() { {{handOn}}; }

            stop() {
              [ -z "$kill_at" ] || return
              kill_at=$((SECONDS + grace))
              asked=$(sed -n 's/.*"asked_by": *"\([a-z_]*\)".*/\1/p' "$attempt/stop.json" 2>/dev/null)
              [ -n "$asked" ] || { ((wall > 0 && SECONDS >= wall)) && asked=wall_limit || asked=nobody; }
              [ -z "$stage" ] || hand_on
            }
            trap stop TERM

            cd "$work" || { record 78 null '"The stage'\''s working folder is not there on the node."'; exit 78; }
            {{start}}
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
            {{code}}
            if ((code > 128)); then record null $((code - 128)); else record "$code" null; fi
            exit "$code" # what the stage has left behind is ended by Slurm, with the job

            """.ReplaceLineEndings("\n");
    }

    /// <summary>
    /// One process a node, in torchrun's words: a program that reads MASTER_ADDR and the like finds them, and torchrun
    /// itself takes its arguments from the variables that begin with PET_. The first that does not end well decides
    /// the exit code. If it failed, it ends the others; with 75 it must not, for they may still be writing their parts of the
    /// checkpoint.
    /// </summary>
    private static string OnEveryNode(JobRequest job) => $$"""
        MASTER_ADDR=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
        MASTER_PORT=$((20000 + SLURM_JOB_ID % 10000))
        NNODES={{job.Resources.Nodes}}
        export MASTER_ADDR MASTER_PORT NNODES
        export PET_MASTER_ADDR=$MASTER_ADDR PET_MASTER_PORT=$MASTER_PORT PET_NNODES=$NNODES PET_NPROC_PER_NODE={{Math.Max(1, job.Resources.Gpus)}}
        srun --nodes={{job.Resources.Nodes}} --ntasks={{job.Resources.Nodes}} --cpus-per-task={{Cpus(job)}} --kill-on-bad-exit=1 \
          bash -c 'export NODE_RANK=$SLURM_NODEID PET_NODE_RANK=$SLURM_NODEID; trap : TERM
            "$@"; code=$?; [ "$code" != 0 ] || exit 0
            (set -o noclobber; echo "$code" > "$0/ended") 2>/dev/null
            [ "$code" = 75 ] || exit "$code"' "$attempt" "${program[@]}" &
        """;

    private static string Quoted(string text) => $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>Slurm replaces %j and the like in names of logs.</summary>
    private static string Literal(string path) => path.Replace("%", "%%", StringComparison.Ordinal);

    private static string Whole(double number) => Math.Ceiling(number).ToString("F0", CultureInfo.InvariantCulture);
}
