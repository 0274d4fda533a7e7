using System.Text.Json.Nodes;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Conformance;

/// <summary>A program that is to keep the stage protocol, and the job that it is tried with.</summary>
/// <param name="Program">The program and its arguments.</param>
internal sealed record StageTrial(IReadOnlyList<string> Program)
{
    /// <summary>The option that no program has.</summary>
    public const string WrongOption = "no_such_option";

    /// <summary>The <c>with:</c> of the stage.</summary>
    public JsonObject Options { get; init; } = [];

    /// <summary>What it reads.</summary>
    public IReadOnlyDictionary<string, JobInput> Inputs { get; init; } = new Dictionary<string, JobInput>();

    /// <summary>Names of what it makes.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>How long one start may take.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it may take to save and end after SIGTERM.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(new JobLimits().GraceSeconds);

    /// <summary>How old a heartbeat may become: the five seconds that the protocol asks for, and one for a busy machine.</summary>
    public TimeSpan HeartbeatLimit { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>The job of an attempt.</summary>
    /// <param name="attempt">Its number.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="resumeFrom">The checkpoint to go on from; null to start afresh.</param>
    /// <param name="wrongOption">Whether an option that it cannot know is among those of the stage.</param>
    public JobFile Job(int attempt, AttemptFolder folder, string? resumeFrom = null, bool wrongOption = false)
    {
        var options = (JsonObject)Options.DeepClone();
        if (wrongOption) options[WrongOption] = 1;
        return new JobFile
        {
            Run = "stage-check", Stage = "checked", Instance = "checked", Kind = "command", Attempt = attempt, Token = $"stage-check-{attempt}",
            Options = options, Inputs = Inputs, Outputs = Outputs.ToDictionary(name => name, name => Path.Combine(folder.Outputs, name)),
            ResumeFrom = resumeFrom, Cpus = Environment.ProcessorCount, Fingerprint = "stage-check",
            Limits = new JobLimits(GraceSeconds: Grace.TotalSeconds),
        };
    }
}
