using System.Globalization;

namespace Pipeline.Engine.Folders;

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
