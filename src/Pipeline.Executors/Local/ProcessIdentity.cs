namespace Pipeline.Executors.Local;

/// <summary>A process beyond doubt: numbers are used again, so its start time and the machine's boot belong to it.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Start">When it started, in clock ticks since boot.</param>
/// <param name="Machine">The boot and the process namespace in which the number means something.</param>
public sealed record ProcessIdentity(int Pid, long Start, string Machine)
{
    /// <summary>Boot id and process namespace of this process.</summary>
    public static string ThisMachine { get; } =
        $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()} {new FileInfo("/proc/self/ns/pid").LinkTarget}";

    /// <summary>The process that asks.</summary>
    public static ProcessIdentity Self => Of(Environment.ProcessId)!;

    /// <summary>The living process of that number; null if there is none.</summary>
    public static ProcessIdentity? Of(int pid) =>
        ProcessStat.Read(pid) is { Dead: false } stat ? new(pid, stat.Start, ThisMachine) : null;

    /// <summary>Whether its number can be looked up here; on another machine, or after a reboot, it cannot.</summary>
    public bool IsOfThisMachine => Machine == ThisMachine;

    /// <summary>Whether it lives. Ask only where <see cref="IsOfThisMachine"/>.</summary>
    public bool IsAlive => IsOfThisMachine && Of(Pid) == this;
}
