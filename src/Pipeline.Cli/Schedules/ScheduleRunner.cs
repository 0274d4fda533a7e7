using System.Globalization;
using Pipeline.Cli.Hosting;
using Pipeline.Engine;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Spec;
using Pipeline.Spec.Resolved;
using Serilog;

namespace Pipeline.Cli.Schedules;

/// <summary>
/// Starts the runs of a state folder's schedules when their times come, beside <c>pipeline serve</c>. The id of a run
/// follows from schedule and time, so two servers, or one that was killed in between, start it once.
/// </summary>
internal sealed class ScheduleRunner(Workspace workspace, Func<ResolvedPipeline, StageProgram> programFor, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ScheduleFolder _schedules = new(workspace.Folder);

    /// <summary>Looks every second until told to end.</summary>
    public async Task Run(CancellationToken end)
    {
        for (string? last = null; !end.IsCancellationRequested;)
        {
            var trouble = await Round();
            if (trouble is not null && trouble != last) log.Warning("Schedules: {Trouble}", trouble); // once, not every second
            last = trouble;
            await Task.Delay(Interval, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Starts what is due.</summary>
    /// <returns>What kept it from looking at a schedule, which is tried again; null if nothing did.</returns>
    public async Task<string?> Round()
    {
        var troubles = new List<string>();
        foreach (var name in _schedules.Names)
        {
            try
            {
                if (_schedules.Find(name) is { } schedule && schedule.Due(time.GetUtcNow()) is { } due) await Start(schedule, due);
            }
            catch (Exception error) when (error is StoreUnavailableException or EngineException or CliException or IOException or UnauthorizedAccessException)
            {
                troubles.Add(error.Message);
            }
        }
        return troubles.Count == 0 ? null : string.Join(' ', troubles);
    }

    private async Task Start(Schedule schedule, DateTimeOffset due)
    {
        var run = schedule.RunOf(due);
        var trouble = await workspace.Store.Find(run) is null ? await TryStart(schedule, run) : null;
        if (trouble is null) log.Information("Schedule {Schedule} started run {Run}", schedule.Name, run);
        else log.Warning("Schedule {Schedule} started nothing: {Trouble}", schedule.Name, trouble);
        _schedules.Update(schedule with
        {
            Until = due,
            LastRun = trouble is null ? run : schedule.LastRun,
            Trouble = trouble is null ? null : string.Create(CultureInfo.InvariantCulture, $"{due:yyyy-MM-dd HH:mm}: {trouble}"),
        });
    }

    /// <summary>Why it cannot be started; null if it was.</summary>
    private async Task<string?> TryStart(Schedule schedule, string run)
    {
        if (schedule.LastRun is { } last && await workspace.Store.Find(last) is { Phase: RunPhase.Running or RunPhase.Cancelling })
            return $"run {last} was still under way.";
        try
        {
            var loaded = PipelineFile.Load(schedule.File, schedule.Overrides);
            if (loaded.Pipeline is not { } pipeline) return $"{loaded.Errors[0]}{(loaded.Errors.Count > 1 ? $" And {loaded.Errors.Count - 1} more errors." : "")}";
            await workspace.Client.SubmitOnce(run, pipeline, programFor(pipeline));
            return null;
        }
        catch (CliException error) { return error.Message; }
    }
}
