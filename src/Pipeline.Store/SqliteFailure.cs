using Microsoft.Data.Sqlite;
using Pipeline.Engine;
using Pipeline.Engine.Ports;

namespace Pipeline.Store;

/// <summary>What an error of SQLite means to the engine and to a person.</summary>
internal static class SqliteFailure
{
    // Result codes of SQLite, https://sqlite.org/rescode.html
    private const int Busy = 5, Locked = 6, IoError = 10, Corrupt = 11, Full = 13, CannotOpen = 14, ReadOnly = 8, NotADatabase = 26;

    public static Exception Explain(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        Busy or Locked => new StoreUnavailableException($"The journal {path} is held by another process.", error),
        IoError => new StoreUnavailableException($"The disk of the journal {path} reports an error.", error),
        Full => new EngineException(
            EngineErrors.DiskFull,
            $"The disk of the journal {path} is full. Nothing was lost and jobs run on: free some space and start again.", error),
        Corrupt or NotADatabase => new EngineException(
            EngineErrors.JournalDamaged, $"The journal {path} is damaged ({error.Message}). Restore the state folder from a copy.", error),
        CannotOpen or ReadOnly => new EngineException(
            EngineErrors.JournalUnavailable, $"The journal {path} cannot be opened for writing: {error.Message} Mend its permissions.", error),
        _ => error,
    };
}
