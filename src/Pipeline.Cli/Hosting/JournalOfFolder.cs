using System.Text.Json;
using Pipeline.Engine;
using Pipeline.Engine.Folders;
using Pipeline.Protocol;
using Pipeline.Store;

namespace Pipeline.Cli.Hosting;

/// <summary>
/// The journal of a state folder: in PostgreSQL where <see cref="EnvironmentVariable"/> names a database, else in a file of
/// the folder. The folder remembers the database, without its password, so that no command can open another journal beside it.
/// </summary>
internal static class JournalOfFolder
{
    /// <summary>The environment variable with the database's address.</summary>
    public const string EnvironmentVariable = "PIPELINE_STORE";

    /// <summary>Opens it for a command.</summary>
    public static IOpenRunStore Open(StateFolder folder) =>
        Address(folder) is { } address ? OpenAndRemember(address, folder) : SqliteRunStore.Open(folder.Journal);

    /// <summary>Opens it for an engine, and shuts out those that did so before.</summary>
    public static IOpenRunStore OpenForEngine(StateFolder folder) =>
        Address(folder) is { } address
            ? PostgresRunStore.OpenForEngine(address, folder.Path)
            : SqliteRunStore.OpenForEngine(folder.Journal);

    /// <summary>Whether it can be read, or could be begun. A file of an earlier version is brought up to date, as by any command. Returns where it is.</summary>
    /// <param name="path">The state folder, which need not be there.</param>
    /// <exception cref="EngineException">It cannot be used.</exception>
    /// <exception cref="Engine.Ports.StoreUnavailableException">It does not answer.</exception>
    public static string Look(string path)
    {
        var folder = StateFolder.At(path);
        if (Address(folder) is { } address) return $"{address}, {PostgresRunStore.Look(address)}";
        if (!File.Exists(folder.Journal)) return $"{folder.Journal} will be made";
        using var store = SqliteRunStore.Open(folder.Journal);
        return folder.Journal;
    }

    private static PostgresAddress? Address(StateFolder folder)
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is not { Length: > 0 } asked)
            return File.Exists(Record(folder)) ? PostgresAddress.Parse(ReadRecord(folder)) : null;
        if (!File.Exists(folder.Journal)) return PostgresAddress.Parse(asked);
        throw new EngineException(
            EngineErrors.JournalForeign,
            $"${EnvironmentVariable} names a database, but the runs of {folder.Path} are in its {Path.GetFileName(folder.Journal)}. " +
            "Begin another folder with --state, or unset the variable.");
    }

    private static PostgresRunStore OpenAndRemember(PostgresAddress address, StateFolder folder)
    {
        var store = PostgresRunStore.Open(address, folder.Path);
        if (!File.Exists(Record(folder))) WholeFile.WriteJson(Record(folder), new StoreRecord(address.ToString()));
        return store;
    }

    private static string ReadRecord(StateFolder folder)
    {
        try
        {
            return JsonSerializer.Deserialize<StoreRecord>(File.ReadAllBytes(Record(folder)), ProtocolJson.Line)!.Postgres;
        }
        catch (JsonException error)
        {
            throw new EngineException(
                EngineErrors.JournalAddress, $"{Record(folder)} does not say where the journal is: {error.Message} Name its database by ${EnvironmentVariable}.", error);
        }
    }

    private static string Record(StateFolder folder) => Path.Combine(folder.Path, "store.json");

    private sealed record StoreRecord(string Postgres);
}
