using Dapper;
using Microsoft.Data.Sqlite;
using Pipeline.Engine;

namespace Pipeline.Store;

/// <summary>The tables of a journal file, and how older ones are brought up to date.</summary>
/// <remarks>
/// <c>events</c> is the truth; <c>runs</c> and <c>attempts</c> are derived from it in the same transaction;
/// <c>engine</c> keeps engines that were replaced from writing. The version
/// is SQLite's <c>user_version</c>: the number of migrations that were applied.
/// </remarks>
internal static class SqliteSchema
{
    // A released migration is never edited; a change is a new one at the end.
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE events (
            position INTEGER PRIMARY KEY AUTOINCREMENT, -- over all runs, in the order of commits
            run      TEXT    NOT NULL,
            sequence INTEGER NOT NULL,
            body     TEXT    NOT NULL,
            UNIQUE (run, sequence)
        ) STRICT;

        CREATE TABLE runs (
            run       TEXT    PRIMARY KEY,
            pipeline  TEXT    NOT NULL,
            phase     TEXT    NOT NULL,
            submitted TEXT    NOT NULL,
            ended     TEXT,
            sequence  INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX runs_unfinished ON runs (submitted) WHERE ended IS NULL;
        CREATE INDEX runs_by_age ON runs (submitted, run);

        CREATE TABLE attempts (
            run         TEXT    NOT NULL,
            instance    TEXT    NOT NULL,
            attempt     INTEGER NOT NULL,
            token       TEXT    NOT NULL,
            pipeline    TEXT    NOT NULL,
            fingerprint TEXT    NOT NULL,
            parts       TEXT    NOT NULL,
            intended    TEXT    NOT NULL,
            alive       INTEGER NOT NULL,
            succeeded   INTEGER,                        -- sequence of its AttemptSucceeded
            PRIMARY KEY (run, instance, attempt)
        ) STRICT;
        CREATE INDEX attempts_by_fingerprint ON attempts (fingerprint, intended);
        CREATE INDEX attempts_by_stage ON attempts (pipeline, instance, intended);
        """,
        """
        CREATE TABLE engine (
            one  INTEGER PRIMARY KEY CHECK (one = 1),
            term INTEGER NOT NULL                       -- of the newest engine: nothing that an earlier one appends is taken
        ) STRICT;
        INSERT INTO engine VALUES (1, 0);
        """,
        """
        CREATE TABLE reuses (                           -- which run took outputs of which
            run    TEXT NOT NULL,
            source TEXT NOT NULL,
            PRIMARY KEY (run, source)
        ) STRICT;
        CREATE INDEX reuses_by_source ON reuses (source);
        INSERT OR IGNORE INTO reuses SELECT run, body ->> '$.source_run' FROM events WHERE body ->> '$.type' = 'StageCached';

        CREATE TABLE deleted_runs (run TEXT PRIMARY KEY) STRICT;
        """,
    ];

    /// <summary>Creates the tables, or brings them up to date, in one transaction.</summary>
    /// <exception cref="EngineException"><see cref="EngineErrors.JournalNewer"/>.</exception>
    public static void Migrate(SqliteConnection connection, string path)
    {
        if (Version(connection) == Migrations.Length) return;
        using var transaction = connection.BeginTransaction(deferred: false);
        var version = Version(connection); // another process may have been first
        if (version > Migrations.Length)
        {
            throw new EngineException(
                EngineErrors.JournalNewer,
                $"The journal {path} is of version {version}; this program knows versions up to {Migrations.Length}. " +
                "A newer version of the program made it: use that one for this state folder.");
        }
        foreach (var migration in Migrations.Skip(version)) connection.Execute(migration, transaction: transaction);
        connection.Execute($"PRAGMA user_version = {Migrations.Length}", transaction: transaction);
        transaction.Commit();
    }

    private static int Version(SqliteConnection connection) => connection.ExecuteScalar<int>("PRAGMA user_version");
}
