using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Stages;

namespace Pipeline.Stages.Hosting;

/// <summary>What a stage is given: its settings and inputs, and where to tell how it goes.</summary>
public sealed class StageContext : IDisposable
{
    private readonly StageKind _kind;

    /// <param name="job">The job.</param>
    /// <param name="kind">Its stage kind.</param>
    /// <param name="folder">The attempt's folder, the one place it writes to.</param>
    /// <param name="stop">Raised when somebody wants it to stop.</param>
    /// <param name="clock">Where time comes from.</param>
    public StageContext(JobFile job, StageKind kind, AttemptFolder folder, StopRequest stop, TimeProvider clock)
    {
        (Job, _kind, Folder, Stop, Clock) = (job, kind, folder, stop, clock);
        Work = new WorkDone(clock);
        Outputs = new StageOutputs(job, kind);
        Heartbeat = new HeartbeatTimer(folder.Heartbeat, clock);
        Metrics = new MetricsWriter(folder.Metrics, clock);
        Events = new StageEvents(folder.Events, clock);
    }

    /// <summary>The job as it was read.</summary>
    public JobFile Job { get; }

    /// <summary>The attempt's folder.</summary>
    public AttemptFolder Folder { get; }

    /// <summary>Raised when somebody wants the stage to stop; looked at between steps.</summary>
    public StopRequest Stop { get; }

    /// <summary>Where time comes from.</summary>
    public TimeProvider Clock { get; }

    /// <summary>How far the stage is.</summary>
    public HeartbeatTimer Heartbeat { get; }

    /// <summary>One line a step.</summary>
    public MetricsWriter Metrics { get; }

    /// <summary>Alarms, warnings and checkpoints.</summary>
    public StageEvents Events { get; }

    /// <summary>Tokens and seconds.</summary>
    public WorkDone Work { get; }

    /// <summary>The outputs.</summary>
    public StageOutputs Outputs { get; }

    /// <summary>Seed of every random number of the stage.</summary>
    public ulong Seed => unchecked((ulong)Job.Seed);

    /// <summary>The settings.</summary>
    /// <exception cref="ConfigException">A setting is unknown, missing, of the wrong type or out of its range.</exception>
    public T Options<T>() where T : class => OptionsReader.Read<T>(Job.Options);

    /// <summary>Path of the input <paramref name="name"/>.</summary>
    /// <exception cref="ConfigException">The job does not name it.</exception>
    public string Input(string name) => OptionalInput(name) ?? throw Missing(name);

    /// <summary>Path of the input <paramref name="name"/>, or null.</summary>
    public string? OptionalInput(string name) => Job.Inputs.TryGetValue(name, out var input) ? input.Path : null;

    /// <summary>Paths of the items of the input <paramref name="name"/>, at least one.</summary>
    /// <exception cref="ConfigException">The job names none.</exception>
    public IReadOnlyList<string> Inputs(string name) =>
        Job.InputsOf(name) is { Count: > 0 } items ? [.. items.Select(item => item.Path)] : throw Missing(name);

    /// <summary>Writes <c>result.json</c>: the stage is done. Nothing is written after it.</summary>
    /// <param name="metrics">Final numbers, such as <c>eval/pass@1</c>.</param>
    public StageOutcome Finish(IEnumerable<KeyValuePair<string, double>> metrics)
    {
        Metrics.FlushToDisk();
        CrashPoint.Before("result");
        WholeFile.WriteJson(Folder.Result, new ResultFile
        {
            Token = Job.Token,
            Outputs = Outputs.Written,
            Metrics = new SortedDictionary<string, double>(new Dictionary<string, double>(metrics.Where(metric => double.IsFinite(metric.Value))), StringComparer.Ordinal),
            Tokens = Work.Tokens,
            Seconds = Math.Round(Work.Seconds, 3),
            Warnings = Events.Warnings,
        });
        CrashPoint.After("result");
        return StageOutcome.Done;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Heartbeat.Dispose();
        Metrics.Dispose();
        Events.Dispose();
    }

    private ConfigException Missing(string name) => new(StageErrors.InputMissing,
        $"The job of stage {Job.Stage} has no input '{name}'; {_kind.Name} reads {string.Join(", ", _kind.Inputs.Select(port => port.Name))}, "
        + $"the job names {string.Join(", ", Job.Inputs.Keys.DefaultIfEmpty("none"))}.");
}
