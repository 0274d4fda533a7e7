namespace Pipeline.Store;

/// <summary>What both databases understand in the same words.</summary>
internal static class Queries
{
    private const string AttemptColumns = "run, pipeline, instance, attempt, fingerprint, parts, alive, intended";
    private const string NewestFirst = "ORDER BY intended DESC, run DESC, attempt DESC";

    public const string Events = "SELECT body FROM events WHERE run = @run AND sequence > @afterSequence ORDER BY sequence LIMIT @limit";

    public const string Run = "SELECT run, pipeline, phase, submitted, ended, sequence FROM runs WHERE run = @run";

    public const string Unfinished =
        "SELECT run, pipeline, phase, submitted, ended, sequence FROM runs WHERE ended IS NULL ORDER BY submitted, run";

    public const string Newest =
        """
        SELECT run, pipeline, phase, submitted, ended, sequence FROM runs
        WHERE @before IS NULL OR (submitted, run) < (SELECT submitted, run FROM runs WHERE run = @before)
        ORDER BY submitted DESC, run DESC LIMIT @limit
        """;

    public const string Succeeded =
        """
        SELECT events.body FROM attempts
        JOIN events ON events.run = attempts.run AND events.sequence = attempts.succeeded
        WHERE fingerprint = @fingerprint ORDER BY intended DESC, attempts.run DESC
        """;

    public const string AttemptsOf = $"SELECT {AttemptColumns} FROM attempts WHERE fingerprint = @fingerprint {NewestFirst}";

    public const string AttemptsAt =
        $"""
        SELECT {AttemptColumns} FROM attempts
        WHERE pipeline = @pipeline AND instance = @instance AND fingerprint <> '' {NewestFirst} LIMIT @limit
        """;

    public const string Takers = "SELECT run FROM reuses WHERE source = @run AND run <> @run ORDER BY run";

    public const string Delete =
        """
        DELETE FROM events WHERE run = @run;
        DELETE FROM attempts WHERE run = @run;
        DELETE FROM reuses WHERE run = @run;
        DELETE FROM runs WHERE run = @run;
        INSERT INTO deleted_runs (run) VALUES (@run);
        """;

    public const string Deleted = "SELECT run FROM deleted_runs ORDER BY run";

    public const string Forget = "DELETE FROM deleted_runs WHERE run = @run";
}
