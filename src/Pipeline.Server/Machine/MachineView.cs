using Pipeline.Server.Access;
using Pipeline.Server.Control;

namespace Pipeline.Server.Machine;

/// <summary>What runs here, and on what.</summary>
/// <param name="Version">Version of this program.</param>
/// <param name="Runtime">The .NET runtime.</param>
/// <param name="System">The operating system.</param>
/// <param name="Host">Name of the machine.</param>
/// <param name="Cpus">Processors.</param>
/// <param name="MemoryBytes">Memory that the machine, or its container, has.</param>
/// <param name="State">The state folder.</param>
/// <param name="DiskFreeBytes">Free space where it lies.</param>
/// <param name="DiskBytes">Size of that disk.</param>
/// <param name="Engine">The engine that took the folder last; null if none ever did.</param>
/// <param name="Jobs">Attempts that have not ended.</param>
/// <param name="Role">What the token of this request allows; null where no token is asked for.</param>
/// <param name="Schedules">What is started again and again.</param>
internal sealed record MachineView(
    string Version,
    string Runtime,
    string System,
    string Host,
    int Cpus,
    long MemoryBytes,
    string State,
    long DiskFreeBytes,
    long DiskBytes,
    EngineView? Engine,
    IReadOnlyList<JobView> Jobs,
    AccessRole? Role,
    IReadOnlyList<ScheduleView> Schedules);

/// <summary>An engine.</summary>
/// <param name="Host">Its machine.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Started">When it was started.</param>
/// <param name="AtWork">Whether it lives; null if that cannot be told from here.</param>
internal sealed record EngineView(string Host, int Pid, DateTimeOffset Started, bool? AtWork);

/// <summary>An attempt that has not ended.</summary>
/// <param name="Run">Its run.</param>
/// <param name="Instance">Its stage.</param>
/// <param name="Attempt">Its number.</param>
/// <param name="Queued">Whether it waits for slots.</param>
/// <param name="Since">Since when it waits or works.</param>
/// <param name="Cpus">Slots that it takes; null for all.</param>
/// <param name="MemoryBytes">Its memory limit; null for none.</param>
/// <param name="HeartbeatAge">Seconds since it said how far it is; null if it has not yet.</param>
internal sealed record JobView(
    string Run, string Instance, int Attempt, bool Queued, DateTimeOffset Since, int? Cpus, long? MemoryBytes, double? HeartbeatAge);
