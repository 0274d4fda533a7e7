using System.Globalization;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Engine;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Store;

/// <summary>The journals of a state folder in one SQLite file, shared by the processes of one machine.</summary>
/// <remarks>
/// Write-ahead log with <c>synchronous=FULL</c>: an append is one flush of the log, and on disk when it returns. SQLite
/// has no asynchronous calls, so every task returned here is complete.
/// </remarks>
public sealed class SqliteRunStore : IRunStore, IDisposable
{
    private readonly Lock _turn = new();
    private readonly SqliteConnection _connection;
    private readonly string _path;
    private long? _term;

    private SqliteRunStore(SqliteConnection connection, string path) => (_connection, _path) = (connection, path);

    /// <summary>Opens the journal at <paramref name="path"/>, and makes it if there is none.</summary>
    /// <exception cref="EngineException">It cannot be opened, is damaged, or a newer version made it.</exception>
    public static SqliteRunStore Open(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Pooling = false,     // a closed store leaves no open file behind
            DefaultTimeout = 30, // seconds to wait for the write of another process
        }.ToString());
        try
        {
            connection.Open();
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000;");
            SqliteSchema.Migrate(connection, path);
            return new SqliteRunStore(connection, path);
        }
        catch (Exception error)
        {
            connection.Dispose();
            if (error is SqliteException sqlite) throw SqliteFailure.Explain(sqlite, path);
            throw;
        }
    }

    /// <summary>
    /// Opens the journal for an engine: from now on what engines that did so before append is refused with
    /// <see cref="EngineErrors.EngineReplaced"/>. Commands, which submit, cancel and resume, are not concerned.
    /// </summary>
    /// <exception cref="EngineException">As of <see cref="Open"/>.</exception>
    /// <exception cref="StoreUnavailableException">Another process holds the journal.</exception>
    public static SqliteRunStore OpenForEngine(string path)
    {
        var store = Open(path);
        try
        {
            store._term = store._connection.ExecuteScalar<long>("UPDATE engine SET term = term + 1 RETURNING term");
            return store;
        }
        catch (SqliteException error)
        {
            store.Dispose();
            throw SqliteFailure.Explain(error, path);
        }
    }

    /// <inheritdoc/>
    public Task Append(string run, long expectedSequence, IReadOnlyList<JournalEvent> events) => Do(() =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        RefuseIfReplaced(transaction);
        var summary = FindNow(run);
        if ((summary?.Sequence ?? 0) is var actual && actual != expectedSequence)
            throw new SequenceConflictException(run, expectedSequence, actual);

        foreach (var fact in events)
        {
            _connection.Execute(
                "INSERT INTO events (run, sequence, body) VALUES (@run, @sequence, @body)",
                new { run, sequence = fact.Sequence, body = JournalJson.Write(fact) }, transaction);
            summary = RunSummary.Apply(summary, fact);
            Derive(summary, fact, transaction);
        }
        _connection.Execute(
            """
            INSERT INTO runs (run, pipeline, phase, submitted, ended, sequence)
            VALUES (@Run, @Pipeline, @Phase, @Submitted, @Ended, @Sequence)
            ON CONFLICT (run) DO UPDATE SET phase = @Phase, ended = @Ended, sequence = @Sequence
            """, RunRow.Of(summary!), transaction);
        transaction.Commit();
        return true;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalEvent>> Read(string run, long afterSequence = 0) => Do(() => Events(_connection.Query<string>(
        "SELECT body FROM events WHERE run = @run AND sequence > @afterSequence ORDER BY sequence", new { run, afterSequence })));

    /// <inheritdoc/>
    public Task<JournalChanges> Changes(long afterPosition) => Do(() =>
    {
        var position = _connection.ExecuteScalar<long>("SELECT coalesce(max(position), 0) FROM events");
        if (position <= afterPosition) return new JournalChanges(position, []);
        return new JournalChanges(position, [.. _connection.Query<string>(
            "SELECT DISTINCT run FROM events WHERE position > @afterPosition AND position <= @position",
            new { afterPosition, position })]);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummary>> Unfinished() => Do(() => Summaries(
        _connection.Query<RunRow>("SELECT * FROM runs WHERE ended IS NULL ORDER BY submitted, run")));

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummary>> Newest(int limit, string? before = null) => Do(() => Summaries(
        _connection.Query<RunRow>(
            """
            SELECT * FROM runs
            WHERE @before IS NULL OR (submitted, run) < (SELECT submitted, run FROM runs WHERE run = @before)
            ORDER BY submitted DESC, run DESC LIMIT @limit
            """, new { before, limit })));

    /// <inheritdoc/>
    public Task<RunSummary?> Find(string run) => Do(() => FindNow(run));

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptSucceeded>> Succeeded(string fingerprint) => Do<IReadOnlyList<AttemptSucceeded>>(() =>
    [
        .. Events(_connection.Query<string>(
            """
            SELECT events.body FROM attempts
            JOIN events ON events.run = attempts.run AND events.sequence = attempts.succeeded
            WHERE fingerprint = @fingerprint ORDER BY intended DESC, attempts.run DESC
            """, new { fingerprint })).Cast<AttemptSucceeded>(),
    ]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptSummary>> AttemptsOf(string fingerprint) => Do(() => Attempts(_connection.Query<AttemptRow>(
        $"SELECT {AttemptRow.Columns} FROM attempts WHERE fingerprint = @fingerprint {AttemptRow.NewestFirst}", new { fingerprint })));

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptSummary>> AttemptsAt(string pipeline, string instance, int limit) =>
        Do(() => Attempts(_connection.Query<AttemptRow>(
            $"""
            SELECT {AttemptRow.Columns} FROM attempts
            WHERE pipeline = @pipeline AND instance = @instance AND fingerprint <> '' {AttemptRow.NewestFirst} LIMIT @limit
            """, new { pipeline, instance, limit })));

    /// <inheritdoc/>
    public Task Delete(string run) => Do(() =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        var takers = _connection.Query<string>("SELECT run FROM reuses WHERE source = @run AND run <> @run ORDER BY run", new { run }, transaction);
        DeletionRule.Check(run, FindNow(run), [.. takers]);
        _connection.Execute(
            """
            DELETE FROM events WHERE run = @run;
            DELETE FROM runs WHERE run = @run;
            DELETE FROM attempts WHERE run = @run;
            DELETE FROM reuses WHERE run = @run;
            INSERT INTO deleted_runs (run) VALUES (@run);
            """, new { run }, transaction);
        transaction.Commit();
        return true;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> Deleted() => Do<IReadOnlyList<string>>(() => [.. _connection.Query<string>("SELECT run FROM deleted_runs ORDER BY run")]);

    /// <inheritdoc/>
    public Task Forget(string run) => Do(() => _connection.Execute("DELETE FROM deleted_runs WHERE run = @run", new { run }));

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private void RefuseIfReplaced(SqliteTransaction transaction)
    {
        if (_term is not { } ours) return;
        var newest = _connection.ExecuteScalar<long>("SELECT term FROM engine", transaction: transaction);
        if (newest != ours)
        {
            throw new EngineException(
                EngineErrors.EngineReplaced,
                $"The journal {_path} is in the hands of engine {newest}; this one, number {ours}, was silent for too long and was replaced. Nothing was written.");
        }
    }

    private void Derive(RunSummary run, JournalEvent fact, SqliteTransaction transaction)
    {
        switch (fact)
        {
            case AttemptIntended intent:
                _connection.Execute(
                    """
                    INSERT INTO attempts (run, instance, attempt, token, pipeline, fingerprint, parts, intended, alive)
                    VALUES (@Run, @Instance, @Attempt, @Token, @Pipeline, @Fingerprint, @Parts, @Intended, 1)
                    """,
                    new
                    {
                        run.Run, intent.Instance, intent.Attempt, intent.Token, run.Pipeline, intent.Fingerprint,
                        Parts = intent.FingerprintParts.ToJsonString(), Intended = Text(intent.Time),
                    }, transaction);
                break;
            case StageCached cached:
                if (FindNow(cached.SourceRun) is null && cached.SourceRun != run.Run) throw new SourceDeletedException(cached.SourceRun);
                _connection.Execute(
                    "INSERT OR IGNORE INTO reuses (run, source) VALUES (@Run, @SourceRun)", new { run.Run, cached.SourceRun }, transaction);
                break;
            case AttemptFact end and (AttemptSucceeded or AttemptFailed):
                _connection.Execute(
                    """
                    UPDATE attempts SET alive = 0, succeeded = @Succeeded
                    WHERE run = @Run AND instance = @Instance AND attempt = @Attempt AND token = @Token AND alive
                    """,
                    new { run.Run, end.Instance, end.Attempt, end.Token, Succeeded = end is AttemptSucceeded ? end.Sequence : (long?)null },
                    transaction);
                break;
        }
    }

    private RunSummary? FindNow(string run) =>
        _connection.QuerySingleOrDefault<RunRow>("SELECT * FROM runs WHERE run = @run", new { run })?.Summary;

    // One connection, one statement at a time: a write takes less than a millisecond, a second connection would not be faster.
    private Task<T> Do<T>(Func<T> work)
    {
        try
        {
            lock (_turn) return Task.FromResult(work());
        }
        catch (SqliteException error) { return Task.FromException<T>(SqliteFailure.Explain(error, _path)); }
        catch (Exception error) { return Task.FromException<T>(error); }
    }

    private static IReadOnlyList<JournalEvent> Events(IEnumerable<string> bodies) => [.. bodies.Select(JournalJson.Read)];

    private static IReadOnlyList<RunSummary> Summaries(IEnumerable<RunRow> rows) => [.. rows.Select(row => row.Summary)];

    private static IReadOnlyList<AttemptSummary> Attempts(IEnumerable<AttemptRow> rows) => [.. rows.Select(row => row.Summary)];

    // Ordered as text as in time: ISO 8601, UTC, with all digits.
    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private sealed record RunRow(string Run, string Pipeline, string Phase, string Submitted, string? Ended, long Sequence)
    {
        public RunSummary Summary =>
            new(Run, Pipeline, Enum.Parse<RunPhase>(Phase), Time(Submitted), Ended is null ? null : Time(Ended), Sequence);

        public static RunRow Of(RunSummary run) => new(
            run.Run, run.Pipeline, run.Phase.ToString(), Text(run.Submitted), run.Ended is { } ended ? Text(ended) : null, run.Sequence);
    }

    private sealed record AttemptRow(
        string Run, string Pipeline, string Instance, long Attempt, string Fingerprint, string Parts, long Alive, string Intended)
    {
        public const string Columns = "run, pipeline, instance, attempt, fingerprint, parts, alive, intended";
        public const string NewestFirst = "ORDER BY intended DESC, run DESC, attempt DESC";

        public AttemptSummary Summary => new(
            Run, Pipeline, Instance, (int)Attempt, Fingerprint, JsonNode.Parse(Parts)!.AsObject(), Alive != 0, Time(Intended));
    }
}
