using System.Collections.Concurrent;
using Pipeline.Engine.Runs;
using Pipeline.Server.Control;
using Pipeline.Spec.Resolved;

namespace Pipeline.Server.Tests.Control;

/// <summary>Notes what it was asked to do.</summary>
internal sealed class RecordedControl : IRunControl
{
    public const string NewRun = "20251124-000000-newr";

    /// <summary>What was asked, such as <c>cancel RUN</c>.</summary>
    public ConcurrentBag<string> Asked { get; } = [];

    public Task<string> Submit(ResolvedPipeline pipeline)
    {
        Asked.Add($"submit {pipeline.Name}");
        return Task.FromResult(NewRun);
    }

    public IReadOnlyList<ScheduleView> Schedules { get; } =
        [new("nightly", "/pipelines/nightly.yaml", "30 2 * * 1-5", "Europe/Berlin", new DateTimeOffset(2025, 11, 24, 1, 30, 0, TimeSpan.Zero), "20251121-013000-nightly", Trouble: null)];

    public Task Cancel(RunState run, string? by)
    {
        Asked.Add($"cancel {run.Run}{(by is null ? "" : $" by {by}")}");
        return Task.CompletedTask;
    }

    public Task Resume(RunState run)
    {
        Asked.Add($"resume {run.Run}");
        return Task.CompletedTask;
    }

    public Task Answer(RunState run, string instance, bool approved, string? reason, string? by)
    {
        Asked.Add($"{(approved ? "approve" : "reject")} {run.Run} {instance}{(reason is null ? "" : $": {reason}")}{(by is null ? "" : $" by {by}")}");
        return Task.CompletedTask;
    }
}
