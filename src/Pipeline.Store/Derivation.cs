using Pipeline.Engine.Runs;

namespace Pipeline.Store;

/// <summary>What an append changes in the tables that are derived from the events.</summary>
internal static class Derivation
{
    /// <summary>The run's row as its newest event leaves it.</summary>
    public static Statement OfRun(RunSummary run)
    {
        var row = RunRow.Of(run);
        return new(
            """
            INSERT INTO runs (run, pipeline, phase, submitted, ended, sequence)
            VALUES (@run, @pipeline, @phase, @submitted, @ended, @sequence)
            ON CONFLICT (run) DO UPDATE SET phase = excluded.phase, ended = excluded.ended, sequence = excluded.sequence
            """,
            new Dictionary<string, object?>
            {
                ["run"] = row.Run, ["pipeline"] = row.Pipeline, ["phase"] = row.Phase,
                ["submitted"] = row.Submitted, ["ended"] = row.Ended, ["sequence"] = row.Sequence,
            });
    }

    /// <summary>What an event changes beside its run's row; null if nothing.</summary>
    /// <param name="run">The run.</param>
    /// <param name="fact">The event.</param>
    public static Statement? OfEvent(RunSummary run, JournalEvent fact) => fact switch
    {
        AttemptIntended intent => new(
            """
            INSERT INTO attempts (run, instance, attempt, token, pipeline, fingerprint, parts, intended, alive)
            VALUES (@run, @instance, @attempt, @token, @pipeline, @fingerprint, @parts, @intended, 1)
            """,
            new Dictionary<string, object?>
            {
                ["run"] = run.Run, ["instance"] = intent.Instance, ["attempt"] = (long)intent.Attempt, ["token"] = intent.Token,
                ["pipeline"] = run.Pipeline, ["fingerprint"] = intent.Fingerprint, ["parts"] = intent.FingerprintParts.ToJsonString(),
                ["intended"] = Times.Text(intent.Time),
            }),
        StageCached cached => new(
            "INSERT INTO reuses (run, source) VALUES (@run, @source) ON CONFLICT DO NOTHING",
            new Dictionary<string, object?> { ["run"] = run.Run, ["source"] = cached.SourceRun }),
        AttemptFact end and (AttemptSucceeded or AttemptFailed) => new(
            """
            UPDATE attempts SET alive = 0, succeeded = @succeeded
            WHERE run = @run AND instance = @instance AND attempt = @attempt AND token = @token AND alive = 1
            """,
            new Dictionary<string, object?>
            {
                ["run"] = run.Run, ["instance"] = end.Instance, ["attempt"] = (long)end.Attempt, ["token"] = end.Token,
                ["succeeded"] = end is AttemptSucceeded ? end.Sequence : null,
            }),
        _ => null,
    };
}
