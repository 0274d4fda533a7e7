namespace Pipeline.Rewards.Sandboxes;

/// <summary>What a program in a <see cref="Sandbox"/> may use at most.</summary>
public sealed record SandboxLimits
{
    /// <summary>By the clock on the wall, from start to end; processor time is held to about the same. Default 6 s.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>
    /// Bytes of memory. Default 1 GiB. A control group holds all processes together to it, the scratch folder included;
    /// without one it is the address space of each process by itself.
    /// </summary>
    public long MemoryBytes { get; init; } = 1L << 30;

    /// <summary>Processes and threads alive at once. Default 32.</summary>
    public int Processes { get; init; } = 32;

    /// <summary>Bytes of output; the program is ended when it writes more. Default 1 MiB.</summary>
    public int OutputBytes { get; init; } = 1 << 20;

    /// <summary>Bytes in the scratch folder. Default 16 MiB.</summary>
    public long ScratchBytes { get; init; } = 16L << 20;
}
