using System.Globalization;
using System.Text.Json;
using Pipeline.Protocol;

namespace Pipeline.Engine.Folders;

/// <summary>
/// Held by the one engine that works in a state folder. The operating system gives it up when the process ends, however
/// it ends, so there is no stale lock to clean up.
/// </summary>
public sealed class EngineLock : IDisposable
{
    private readonly FileStream _file;

    private EngineLock(FileStream file) => _file = file;

    /// <summary>Takes the lock; null if another engine, of this or another process, holds it: submit to the journal and follow.</summary>
    public static EngineLock? TryTake(StateFolder state)
    {
        FileStream file;
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB), and .NET opens files so that children do not inherit them.
            file = new FileStream(state.Of("engine.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(state.Of("engine.lock"))) { return null; }
        // Beside the lock and not in it: a locked file cannot be read.
        WholeFile.Refresh(state.Of("engine.json"), JsonSerializer.Serialize(EngineIdentity.OfThisProcess(), ProtocolJson.Line));
        return new EngineLock(file);
    }

    /// <summary>Who holds the lock, for a message; null if nobody ever did.</summary>
    public static EngineIdentity? Holder(StateFolder state)
    {
        try
        {
            return JsonSerializer.Deserialize<EngineIdentity>(File.ReadAllBytes(state.Of("engine.json")), ProtocolJson.Line);
        }
        catch (Exception error) when (error is IOException or JsonException) { return null; }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}

/// <summary>Which process an engine is, beyond the reuse of process ids.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Started">When the process started, UTC.</param>
/// <param name="BootId">Names the boot of the machine; empty where the system has none.</param>
/// <param name="Host">The machine's name.</param>
public sealed record EngineIdentity(int Pid, DateTimeOffset Started, string BootId, string Host)
{
    internal static EngineIdentity OfThisProcess()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        const string bootId = "/proc/sys/kernel/random/boot_id";
        return new(
            Environment.ProcessId,
            process.StartTime.ToUniversalTime(),
            File.Exists(bootId) ? File.ReadAllText(bootId).Trim() : "",
            Environment.MachineName);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"process {Pid} on {Host}, started {Started:yyyy-MM-dd HH:mm:ss}Z");
}
