namespace Pipeline.Protocol.Jobs;

/// <summary>Where everything of one attempt lies: <c>&lt;state&gt;/runs/&lt;run&gt;/&lt;instance&gt;/attempt-N/</c>.</summary>
/// <param name="Path">Absolute path of the folder.</param>
public readonly record struct AttemptFolder(string Path)
{
    /// <summary>What the attempt is told, <see cref="JobFile"/>.</summary>
    public string Job => Of("job.json");

    /// <summary>What the attempt made, <see cref="ResultFile"/>; written last.</summary>
    public string Result => Of("result.json");

    /// <summary>How the job ended, <see cref="ExitRecord"/>; by the shim.</summary>
    public string Exit => Of("exit.json");

    /// <summary>How far it is, <see cref="Jobs.Heartbeat"/>.</summary>
    public string Heartbeat => Of("heartbeat");

    /// <summary>Renewed by the shim while it lives.</summary>
    public string Lease => Of("lease");

    /// <summary>One flat JSON object a step.</summary>
    public string Metrics => Of("metrics.jsonl");

    /// <summary>One flat JSON object an optimizer step, where a step of <see cref="Metrics"/> is made of several.</summary>
    public string Updates => Of("updates.jsonl");

    /// <summary>One <see cref="StageEvent"/> a line.</summary>
    public string Events => Of("events.jsonl");

    /// <summary>What the stage printed.</summary>
    public string StandardOutput => Of("stdout.log");

    /// <summary>What the stage printed to its error stream.</summary>
    public string StandardError => Of("stderr.log");

    /// <summary>Folder of the rollouts, <c>step-000010.parquet</c>.</summary>
    public string Rollouts => Of("rollouts");

    /// <summary>Folder of the checkpoints, <c>step-000100/</c>.</summary>
    public string Checkpoints => Of("checkpoints");

    /// <summary>Folder of the outputs, one entry each.</summary>
    public string Outputs => Of("outputs");

    /// <summary>The folder of attempt <paramref name="attempt"/> of <paramref name="instance"/> under the state folder.</summary>
    public static AttemptFolder Of(string state, string run, string instance, int attempt) =>
        new(System.IO.Path.Combine(state, "runs", run, NameOf(instance), $"attempt-{attempt}"));

    /// <summary>
    /// An instance as part of a path or of a job's name, without what means something to shells and file systems:
    /// <c>rl[seed=1,lr=1e-4]</c> is <c>rl.seed=1.lr=1e-4</c>.
    /// </summary>
    public static string NameOf(string instance) => string.Concat(instance.TrimEnd(']').Select(c => c switch
    {
        '[' or ',' => '.',
        _ when char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '=' => c,
        _ => '-',
    }));

    private string Of(string name) => System.IO.Path.Combine(Path, name);
}
