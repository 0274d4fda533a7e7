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

    public Task Cancel(RunState run)
    {
        Asked.Add($"cancel {run.Run}");
        return Task.CompletedTask;
    }

    public Task Resume(RunState run)
    {
        Asked.Add($"resume {run.Run}");
        return Task.CompletedTask;
    }

    public Task Answer(RunState run, string instance, bool approved, string? reason)
    {
        Asked.Add($"{(approved ? "approve" : "reject")} {run.Run} {instance}{(reason is null ? "" : $": {reason}")}");
        return Task.CompletedTask;
    }
}
