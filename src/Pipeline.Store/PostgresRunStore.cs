using System.Net.Sockets;
using Dapper;
using Npgsql;
using Pipeline.Engine;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Store;

/// <summary>The journals of a state folder in PostgreSQL, shared by the processes of several machines.</summary>
/// <remarks>
/// An append is one exchange with the server: its transaction waits for no client that was stopped in the middle of it. What
/// others append is asked for, not announced: <see cref="Changes"/> reads one row if there is nothing new.
/// </remarks>
public sealed class PostgresRunStore : IOpenRunStore
{
    private readonly NpgsqlDataSource _source;
    private readonly PostgresAddress _address;
    private long? _term;

    private PostgresRunStore(NpgsqlDataSource source, PostgresAddress address) => (_source, _address) = (source, address);

    /// <summary>Opens the journal in a database, and makes it if there is none.</summary>
    /// <param name="address">The database.</param>
    /// <param name="folder">Absolute path of the state folder: a database keeps the runs of one, and its events have that path in them.</param>
    /// <exception cref="EngineException">The database lets nobody in, is of a newer version, or keeps the runs of another folder.</exception>
    /// <exception cref="StoreUnavailableException">It cannot be reached.</exception>
    public static PostgresRunStore Open(PostgresAddress address, string folder) => Open(address, folder, forEngine: false);

    /// <summary>
    /// Opens the journal for an engine: from now on what engines that did so before append is refused with
    /// <see cref="EngineErrors.EngineReplaced"/>. Commands, which submit, cancel and resume, are not concerned.
    /// </summary>
    /// <inheritdoc cref="Open(PostgresAddress, string)"/>
    public static PostgresRunStore OpenForEngine(PostgresAddress address, string folder) => Open(address, folder, forEngine: true);

    /// <inheritdoc/>
    public Task Append(string run, long expectedSequence, IReadOnlyList<JournalEvent> events) => Do(async connection =>
    {
        var summary = await FindNow(connection, run);
        if ((summary?.Sequence ?? 0) is var actual && actual != expectedSequence)
            throw new SequenceConflictException(run, expectedSequence, actual);

        await using var batch = new NpgsqlBatch(connection);
        Add(batch, new("SELECT take_turn(@term, @events)", new Dictionary<string, object?> { ["term"] = _term, ["events"] = (long)events.Count }));
        foreach (var (i, fact) in events.Index())
        {
            Add(batch, Event(fact, fromTheEnd: events.Count - 1 - i));
            summary = RunSummary.Apply(summary, fact);
            if (Derivation.OfEvent(summary, fact) is { } statement) Add(batch, statement);
        }
        Add(batch, Derivation.OfRun(summary!));
        try
        {
            await batch.ExecuteNonQueryAsync();
        }
        catch (PostgresException error) when (error is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "events_in_order" })
        {
            // Somebody else had the turn between the look and the append.
            throw new SequenceConflictException(run, expectedSequence, (await FindNow(connection, run))?.Sequence ?? 0);
        }
        catch (PostgresException error) when (error is { SqlState: PostgresErrorCodes.ForeignKeyViolation, ConstraintName: "reuses_source" })
        {
            throw new SourceDeletedException(string.Join(", ", events.OfType<StageCached>().Select(cached => cached.SourceRun)));
        }
        return true;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalEvent>> Read(string run, long afterSequence = 0, int limit = int.MaxValue) =>
        Do(async connection => Events(await connection.QueryAsync<string>(Queries.Events, new { run, afterSequence, limit })));

    /// <inheritdoc/>
    public Task<JournalChanges> Changes(long afterPosition) => Do(async connection =>
    {
        var (position, runs) = await connection.QuerySingleAsync<(long, string[])>(
            """
            SELECT position, CASE WHEN position > @afterPosition
                THEN array(SELECT DISTINCT run FROM events WHERE events.position > @afterPosition)
                ELSE '{}' END
            FROM journal
            """, new { afterPosition });
        return new JournalChanges(position, runs);
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummary>> Unfinished() =>
        Do(async connection => Summaries(await connection.QueryAsync<RunRow>(Queries.Unfinished)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummary>> Newest(int limit, string? before = null) =>
        Do(async connection => Summaries(await connection.QueryAsync<RunRow>(Queries.Newest, new { before, limit })));

    /// <inheritdoc/>
    public Task<RunSummary?> Find(string run) => Do(connection => FindNow(connection, run));

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptSucceeded>> Succeeded(string fingerprint) => Do<IReadOnlyList<AttemptSucceeded>>(async connection =>
        [.. Events(await connection.QueryAsync<string>(Queries.Succeeded, new { fingerprint })).Cast<AttemptSucceeded>()]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptSummary>> AttemptsOf(string fingerprint) =>
        Do(async connection => Attempts(await connection.QueryAsync<AttemptRow>(Queries.AttemptsOf, new { fingerprint })));

    /// <inheritdoc/>
    public Task<IReadOnlyList<AttemptSummary>> AttemptsAt(string pipeline, string instance, int limit) =>
        Do(async connection => Attempts(await connection.QueryAsync<AttemptRow>(Queries.AttemptsAt, new { pipeline, instance, limit })));

    /// <inheritdoc/>
    public Task Delete(IReadOnlyCollection<string> runs) => Do(async connection =>
    {
        await using var transaction = await connection.BeginTransactionAsync();
        // Rule and deletion are several exchanges: who is stopped between them is thrown out and deletes nothing.
        await connection.ExecuteAsync("SET LOCAL idle_in_transaction_session_timeout = '2s'; SELECT take_turn(NULL, 0)", transaction: transaction);
        foreach (var run in runs)
            DeletionRule.Check(run, await FindNow(connection, run), [.. (await connection.QueryAsync<string>(Queries.Takers, new { run }, transaction)).Except(runs)]);
        await connection.ExecuteAsync("SET CONSTRAINTS reuses_source DEFERRED", transaction: transaction); // they may have taken from each other
        foreach (var run in runs) await connection.ExecuteAsync(Queries.Delete, new { run }, transaction);
        await transaction.CommitAsync();
        return true;
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> Deleted() =>
        Do<IReadOnlyList<string>>(async connection => [.. await connection.QueryAsync<string>(Queries.Deleted)]);

    /// <inheritdoc/>
    public Task Forget(string run) => Do(connection => connection.ExecuteAsync(Queries.Forget, new { run }));

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();

    /// <summary>Connects and asks for the version; changes nothing, whether there is a journal or not.</summary>
    /// <returns>Such as <c>PostgreSQL 15.4</c>.</returns>
    /// <exception cref="EngineException">It lets nobody in, or has no such database.</exception>
    /// <exception cref="StoreUnavailableException">It does not answer.</exception>
    public static string Look(PostgresAddress address)
    {
        try
        {
            using var source = NpgsqlDataSource.Create(address.ConnectionString(PostgresSchema.Name));
            using var connection = source.OpenConnection();
            return $"PostgreSQL {connection.PostgreSqlVersion}";
        }
        catch (Exception error) when (IsOfPostgres(error))
        {
            throw PostgresFailure.Explain(error, address);
        }
    }

    private static PostgresRunStore Open(PostgresAddress address, string folder, bool forEngine)
    {
        var store = new PostgresRunStore(NpgsqlDataSource.Create(address.ConnectionString(PostgresSchema.Name)), address);
        try
        {
            using var connection = store._source.OpenConnection();
            PostgresSchema.Migrate(connection, address);
            store.Claim(connection, folder);
            if (forEngine) store._term = connection.ExecuteScalar<long>("UPDATE journal SET term = term + 1 RETURNING term");
            return store;
        }
        catch (Exception error)
        {
            store.Dispose();
            if (IsOfPostgres(error)) throw PostgresFailure.Explain(error, address);
            throw;
        }
    }

    private void Claim(NpgsqlConnection connection, string folder)
    {
        var owner = connection.ExecuteScalar<string?>("SELECT folder FROM journal")
            ?? connection.ExecuteScalar<string>("UPDATE journal SET folder = coalesce(folder, @folder) RETURNING folder", new { folder });
        if (owner == folder) return;
        throw new EngineException(
            EngineErrors.JournalForeign,
            $"The database {_address} keeps the runs of the state folder {owner}, not of {folder}. Every machine must have the folder " +
            "under the same path. Name that one with --state, or another database.");
    }

    private static Statement Event(JournalEvent fact, int fromTheEnd) => new(
        "INSERT INTO events (position, run, sequence, body) SELECT position - @fromTheEnd, @run, @sequence, @body FROM journal",
        new Dictionary<string, object?>
        {
            ["fromTheEnd"] = (long)fromTheEnd, ["run"] = fact.Run, ["sequence"] = fact.Sequence, ["body"] = JournalJson.Write(fact),
        });

    private static void Add(NpgsqlBatch batch, Statement statement)
    {
        var command = new NpgsqlBatchCommand(statement.Sql);
        foreach (var (name, value) in statement.Parameters) command.Parameters.Add(new NpgsqlParameter(name, value ?? DBNull.Value));
        batch.BatchCommands.Add(command);
    }

    private static async Task<RunSummary?> FindNow(NpgsqlConnection connection, string run) =>
        (await connection.QuerySingleOrDefaultAsync<RunRow>(Queries.Run, new { run }))?.Summary;

    private async Task<T> Do<T>(Func<NpgsqlConnection, Task<T>> work)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync();
            return await work(connection);
        }
        catch (PostgresException error) when (error.SqlState == PostgresSchema.Replaced)
        {
            throw new EngineException(
                EngineErrors.EngineReplaced,
                $"The journal in {_address} is in the hands of engine {error.MessageText}; this one, number {_term}, was silent for too long and was replaced. Nothing was written.", error);
        }
        catch (Exception error) when (IsOfPostgres(error)) { throw PostgresFailure.Explain(error, _address); }
    }

    // What happens on the way to the server comes as itself where Npgsql does not wrap it.
    private static bool IsOfPostgres(Exception error) => error is NpgsqlException or SocketException or IOException or TimeoutException;

    private static IReadOnlyList<JournalEvent> Events(IEnumerable<string> bodies) => [.. bodies.Select(JournalJson.Read)];

    private static IReadOnlyList<RunSummary> Summaries(IEnumerable<RunRow> rows) => [.. rows.Select(row => row.Summary)];

    private static IReadOnlyList<AttemptSummary> Attempts(IEnumerable<AttemptRow> rows) => [.. rows.Select(row => row.Summary)];
}
