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
public sealed class SqliteRunStore : IOpenRunStore
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
            if (fact is StageCached cached && cached.SourceRun != run && FindNow(cached.SourceRun) is null)
                throw new SourceDeletedException(cached.SourceRun);
            if (Derivation.OfEvent(summary, fact) is { } statement) Execute(statement, transaction);
        }
        Execute(Derivation.OfRun(summary!), transaction);
        transaction.Commit();
        return true;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalEvent>> Read(string run, long afterSequence = 0, int limit = int.MaxValue) =>
        Do(() => Events(_connection.Query<string>(Queries.Events, new { run, afterSequence, limit })));

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
    public Task<IReadOnlyList<RunSummary>> Unfinished() => Do(() => Summaries(_connection.Query<RunRow>(Queries.Unfinished)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummary>> Newest(int limit, string? before = null) =>
        Do(() => Summaries(_connection.Query<RunRow>(Queries.Newest, new { before, limit })));

    /// <inheritdoc/>
    public Task<RunSummary?> Find(string run) => Do(() => FindNow(run));

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptSucceeded>> Succeeded(string fingerprint) => Do<IReadOnlyList<AttemptSucceeded>>(() =>
        [.. Events(_connection.Query<string>(Queries.Succeeded, new { fingerprint })).Cast<AttemptSucceeded>()]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptSummary>> AttemptsOf(string fingerprint) =>
        Do(() => Attempts(_connection.Query<AttemptRow>(Queries.AttemptsOf, new { fingerprint })));

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptSummary>> AttemptsAt(string pipeline, string instance, int limit) =>
        Do(() => Attempts(_connection.Query<AttemptRow>(Queries.AttemptsAt, new { pipeline, instance, limit })));

    /// <inheritdoc/>
    public Task Delete(IReadOnlyCollection<string> runs) => Do(() =>
    {
        using var transaction = _connection.BeginTransaction(deferred: false);
        foreach (var run in runs)
            DeletionRule.Check(run, FindNow(run), [.. _connection.Query<string>(Queries.Takers, new { run }, transaction).Except(runs)]);
        foreach (var run in runs) _connection.Execute(Queries.Delete, new { run }, transaction);
        transaction.Commit();
        return true;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> Deleted() => Do<IReadOnlyList<string>>(() => [.. _connection.Query<string>(Queries.Deleted)]);

    /// <inheritdoc/>
    public Task Forget(string run) => Do(() => _connection.Execute(Queries.Forget, new { run }));

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

    private void Execute(Statement statement, SqliteTransaction transaction) =>
        _connection.Execute(statement.Sql, statement.Parameters, transaction);

    private RunSummary? FindNow(string run) =>
        _connection.QuerySingleOrDefault<RunRow>(Queries.Run, new { run })?.Summary;

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
}
