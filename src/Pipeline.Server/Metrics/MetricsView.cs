namespace Pipeline.Server.Metrics;

/// <summary>The curves of a stage.</summary>
/// <param name="Run">The run that logged them: for a stage taken from the cache, the one that made it.</param>
/// <param name="Instance">The stage instance in that run.</param>
/// <param name="Attempts">The attempts that logged them.</param>
/// <param name="Unreadable">Lines that were passed over.</param>
/// <param name="Series">The curves by name.</param>
internal sealed record MetricsView(
    string Run, string Instance, IReadOnlyList<AttemptSpan> Attempts, int Unreadable, IReadOnlyDictionary<string, Curve> Series);

/// <summary>Which steps an attempt logged.</summary>
/// <param name="Number">Number of the attempt.</param>
/// <param name="ResumeStep">Step it went on from; null if it started afresh.</param>
/// <param name="LastStep">Last step it logged; null if none.</param>
internal sealed record AttemptSpan(int Number, long? ResumeStep, long? LastStep);

/// <summary>One metric.</summary>
/// <param name="Count">Number of values before thinning.</param>
/// <param name="Steps">[points], ascending.</param>
/// <param name="Values">[points].</param>
/// <param name="Times">[points]: when each was logged, in milliseconds since 1970; null where a row does not say when.</param>
/// <param name="Smooth">[points]: the smoothed curve at these steps; null unless it was asked for.</param>
internal sealed record Curve(
    int Count, IReadOnlyList<long> Steps, IReadOnlyList<double> Values, IReadOnlyList<long?> Times, IReadOnlyList<double>? Smooth);
