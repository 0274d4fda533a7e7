using Pipeline.Engine.Runs;

namespace Pipeline.Server.Runs;

/// <summary>A run in the list of runs.</summary>
/// <param name="Run">The run's id.</param>
/// <param name="Pipeline">Name of its pipeline.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Submitted">When it was submitted.</param>
/// <param name="Ended">When it ended; null while it goes on.</param>
/// <param name="Seconds">From submission to its end, or to now.</param>
/// <param name="Progress">Share of its stages that are done, those at work counted by their steps; from 0 to 1.</param>
/// <param name="Stages">Its stages in order.</param>
/// <param name="Key">The best held-out accuracy so far; null before the first evaluation.</param>
/// <param name="Alarms">Number of alarms.</param>
/// <param name="Pinned">Whether nothing of it may be deleted.</param>
internal sealed record RunLine(
    string Run,
    string Pipeline,
    RunPhase State,
    DateTimeOffset Submitted,
    DateTimeOffset? Ended,
    double Seconds,
    double Progress,
    IReadOnlyList<StageMark> Stages,
    KeyMetric? Key,
    int Alarms,
    bool Pinned);

/// <summary>A stage in the strip of a run.</summary>
/// <param name="Instance">The stage instance.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Queued">Whether it is active but waits for a free slot.</param>
/// <param name="Progress">How far it is; null unless it is at work and said so.</param>
internal sealed record StageMark(string Instance, StagePhase State, bool Queued, StageProgress? Progress);

/// <summary>How far the newest attempt at a stage is, from its heartbeat.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Total">Steps in all; 0 while unknown.</param>
/// <param name="Phase">What it does now.</param>
/// <param name="EtaSeconds">Time left; null while unknown.</param>
/// <param name="Age">Seconds since it said so.</param>
internal sealed record StageProgress(long Step, long Total, string Phase, double? EtaSeconds, double Age)
{
    /// <summary>Share of the steps that are done, from 0 to 1.</summary>
    public double Share => Total > 0 ? Math.Clamp(Step / (double)Total, 0, 1) : 0;
}

/// <summary>The number that says how well a run does.</summary>
/// <param name="Model">The model it belongs to.</param>
/// <param name="Metric">Its name.</param>
/// <param name="Value">Its value.</param>
internal sealed record KeyMetric(string Model, string Metric, double Value);
