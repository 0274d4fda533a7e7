using Dapper;
using Npgsql;
using Pipeline.Engine;

namespace Pipeline.Store;

/// <summary>The tables of a journal in PostgreSQL, in a schema of their own, and how older ones are brought up to date.</summary>
/// <remarks>
/// <c>events</c> is the truth; <c>runs</c> and <c>attempts</c> are derived from it in the same transaction. The one row of
/// <c>journal</c> is everybody's turn: an append holds it, so that positions are committed in their order and none that
/// is seen later lies before one that was seen; and who was replaced as the engine is refused there.
/// </remarks>
internal static class PostgresSchema
{
    public const string Name = "pipeline";

    /// <summary>SQLSTATE by which <c>take_turn</c> refuses an engine that was replaced; the message is the number of the newest.</summary>
    public const string Replaced = "PL001";

    private const long MigrationLock = 0x706970656c696e65; // "pipeline"

    // A released migration is never edited; a change is a new one at the end.
    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE journal (
            one      boolean PRIMARY KEY DEFAULT true CHECK (one),
            folder   text,                              -- the state folder whose runs these are
            position bigint  NOT NULL DEFAULT 0,        -- of the newest event
            term     bigint  NOT NULL DEFAULT 0         -- of the newest engine: nothing that an earlier one appends is taken
        );
        INSERT INTO journal DEFAULT VALUES;

        CREATE FUNCTION take_turn(engine bigint, events bigint) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE newest bigint;
        BEGIN
            UPDATE journal SET position = position + events RETURNING term INTO newest;
            IF newest <> engine THEN -- a command has no term, and null is not unequal to anything
                RAISE EXCEPTION '%', newest USING ERRCODE = 'PL001';
            END IF;
        END $$;

        CREATE TABLE events (
            position bigint PRIMARY KEY,                -- over all runs, in the order of commits
            run      text   COLLATE "C" NOT NULL,
            sequence bigint NOT NULL,
            body     text   NOT NULL,
            CONSTRAINT events_in_order UNIQUE (run, sequence)
        );

        CREATE TABLE runs (
            run       text   COLLATE "C" PRIMARY KEY,
            pipeline  text   NOT NULL,
            phase     text   NOT NULL,
            submitted text   COLLATE "C" NOT NULL,
            ended     text   COLLATE "C",
            sequence  bigint NOT NULL
        );
        CREATE INDEX runs_unfinished ON runs (submitted) WHERE ended IS NULL;
        CREATE INDEX runs_by_age ON runs (submitted, run);

        CREATE TABLE attempts (
            run         text   COLLATE "C" NOT NULL,
            instance    text   NOT NULL,
            attempt     bigint NOT NULL,
            token       text   NOT NULL,
            pipeline    text   NOT NULL,
            fingerprint text   NOT NULL,
            parts       text   NOT NULL,
            intended    text   COLLATE "C" NOT NULL,
            alive       bigint NOT NULL,
            succeeded   bigint,                         -- sequence of its AttemptSucceeded
            PRIMARY KEY (run, instance, attempt)
        );
        CREATE INDEX attempts_by_fingerprint ON attempts (fingerprint, intended);
        CREATE INDEX attempts_by_stage ON attempts (pipeline, instance, intended);

        CREATE TABLE reuses (                           -- which run took outputs of which
            run    text COLLATE "C" NOT NULL,
            source text COLLATE "C" NOT NULL CONSTRAINT reuses_source REFERENCES runs (run) DEFERRABLE,
            PRIMARY KEY (run, source)
        );
        CREATE INDEX reuses_by_source ON reuses (source);

        CREATE TABLE deleted_runs (run text COLLATE "C" PRIMARY KEY);
        """,
    ];

    /// <summary>Creates the tables, or brings them up to date, in one transaction.</summary>
    /// <exception cref="EngineException"><see cref="EngineErrors.JournalNewer"/>.</exception>
    public static void Migrate(NpgsqlConnection connection, PostgresAddress address)
    {
        if (Version(connection) == Migrations.Length) return;
        using var transaction = connection.BeginTransaction();
        connection.Execute("SELECT pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock }, transaction);
        var version = Version(connection); // another process may have been first
        if (version > Migrations.Length)
        {
            throw new EngineException(
                EngineErrors.JournalNewer,
                $"The journal in {address} is of version {version}; this program knows versions up to {Migrations.Length}. " +
                "A newer version of the program made it: use that one for this database.");
        }
        if (version == 0)
        {
            connection.Execute(
                $"""
                CREATE SCHEMA IF NOT EXISTS {Name};
                CREATE TABLE {Name}.migrations (number bigint PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now());
                """, transaction: transaction);
        }
        for (var number = version + 1; number <= Migrations.Length; number++)
        {
            connection.Execute(Migrations[number - 1], transaction: transaction);
            connection.Execute("INSERT INTO migrations (number) VALUES (@number)", new { number = (long)number }, transaction);
        }
        transaction.Commit();
    }

    // Looked up in a table of the catalogue: what to_regclass remembers from before the lock may be out of date.
    private static int Version(NpgsqlConnection connection) =>
        connection.ExecuteScalar<bool>($"SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = '{Name}' AND tablename = 'migrations')")
            ? connection.ExecuteScalar<int>("SELECT max(number) FROM migrations")
            : 0;
}
