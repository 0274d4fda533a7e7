using Npgsql;
using Pipeline.Engine;
using Pipeline.Engine.Ports;

namespace Pipeline.Store;

/// <summary>What an error of PostgreSQL or of the way to it means to the engine and to a person.</summary>
internal static class PostgresFailure
{
    private const string IdleInTransaction = "25P03"; // who was stopped in the middle of a transaction; Npgsql has no name for it

    private static readonly string[] TryAgain =
    [
        PostgresErrorCodes.AdminShutdown, PostgresErrorCodes.CrashShutdown, PostgresErrorCodes.CannotConnectNow, IdleInTransaction,
        PostgresErrorCodes.TooManyConnections, PostgresErrorCodes.QueryCanceled, PostgresErrorCodes.LockNotAvailable,
        PostgresErrorCodes.DeadlockDetected, PostgresErrorCodes.SerializationFailure, PostgresErrorCodes.OutOfMemory,
        PostgresErrorCodes.IoError,
    ];

    public static Exception Explain(Exception error, PostgresAddress address) => error switch
    {
        PostgresException { SqlState: var code } refusal when TryAgain.Contains(code) =>
            new StoreUnavailableException($"The journal's database {address} cannot answer now: {refusal.MessageText}.", error),
        PostgresException refusal => Explain(refusal, address),
        _ => new StoreUnavailableException(
            $"The journal's database {address} cannot be reached: {(error.InnerException ?? error).Message} Jobs run on; start PostgreSQL, or mend the way to it.", error),
    };

    private static Exception Explain(PostgresException error, PostgresAddress address) => error.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => new EngineException(
            EngineErrors.JournalRefused,
            $"The journal's database {address} lets nobody in with this user and password ({error.MessageText}). Set PGPASSWORD, or mend ~/.pgpass.", error),
        PostgresErrorCodes.InvalidCatalogName => new EngineException(
            EngineErrors.JournalUnavailable, $"There is no database for the journal at {address}. `createdb` makes one, the rest is made by itself.", error),
        PostgresErrorCodes.InsufficientPrivilege => new EngineException(
            EngineErrors.JournalRefused, $"The user may not do this in the journal's database {address}: {error.MessageText}. It must own the database.", error),
        PostgresErrorCodes.DiskFull => new EngineException(
            EngineErrors.DiskFull,
            $"The disk of the journal's database {address} is full. Nothing was lost and jobs run on: free some space and start again.", error),
        PostgresErrorCodes.ReadOnlySqlTransaction => new EngineException(
            EngineErrors.JournalUnavailable, $"The journal's database {address} is read-only, as a standby is. Name the primary.", error),
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new EngineException(
            EngineErrors.JournalDamaged, $"The journal's database {address} is damaged ({error.MessageText}). Restore it from a copy.", error),
        _ => error,
    };
}
