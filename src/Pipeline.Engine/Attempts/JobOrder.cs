using System.Text.Json.Nodes;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Expressions;

namespace Pipeline.Engine.Attempts;

/// <summary>The job of an attempt: made from the journal alone, so that an engine started anew makes the same one.</summary>
/// <param name="File">What the stage is told.</param>
/// <param name="Request">What the executor is told.</param>
public sealed record JobOrder(JobFile File, JobRequest Request)
{
    /// <summary>The order for the last attempt of <paramref name="stage"/>.</summary>
    /// <param name="state">The run.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="folder">The state folder.</param>
    /// <param name="machineCpus">Threads of a stage that does not say how many it takes.</param>
    public static JobOrder Of(RunState state, StageState stage, StateFolder folder, int machineCpus)
    {
        var intent = stage.Last!.Intent;
        var spec = stage.Stage;
        var attempt = folder.Attempt(new(state.Run, stage.Instance, intent.Attempt));
        var resources = spec.Resources with { Cpus = spec.Resources.Cpus ?? machineCpus };
        var limits = new JobLimits(spec.Resources.TimeoutSeconds);
        var file = new JobFile
        {
            Run = state.Run,
            Stage = spec.Id,
            Instance = spec.Instance,
            Attempt = intent.Attempt,
            Token = intent.Token,
            Kind = spec.Uses,
            KindVersion = spec.KindVersion,
            Options = (JsonObject)spec.Options.DeepClone(),
            Inputs = intent.Inputs,
            Outputs = spec.Outputs.ToDictionary(output => output.Key, output => Path.Combine(attempt.Outputs, output.Key)),
            ResumeFrom = intent.ResumeFrom,
            Seed = spec.Seed,
            Cpus = resources.Cpus.Value,
            Device = resources.Gpus > 0 ? "cuda" : "cpu",
            Fingerprint = intent.Fingerprint,
            Checkpoints = spec.Checkpoints,
            StopWhen = spec.StopWhen,
            Limits = limits,
        };
        var program = spec.Command is { } command
            ? [.. command.Select(argument => LateText.Fill(argument, Value))]
            : state.Program.Command;
        // A command is written against the pipeline file: [python, train.py].
        var workingFolder = spec.Command is null ? null : Path.GetDirectoryName(state.Pipeline.File);
        return new(file, new JobRequest(
            new JobHandle(intent.Job, attempt, spec.Executor), program, new Dictionary<string, string>(), resources, limits,
            workingFolder, spec.Slurm, spec.Priority));

        string? Value(string reference) => reference switch
        {
            "job.file" => attempt.Job,
            "run.id" => state.Run,
            _ => null,
        };
    }
}
