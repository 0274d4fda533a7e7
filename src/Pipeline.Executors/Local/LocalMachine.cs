namespace Pipeline.Executors.Local;

/// <summary>What this machine has to give.</summary>
/// <param name="Cpus">Processors this process may use.</param>
/// <param name="Gpus">The graphics processors as CUDA names them: numbers or UUIDs.</param>
public sealed record LocalMachine(int Cpus, IReadOnlyList<string> Gpus)
{
    /// <summary>The environment variable that names another folder of slots; a relative path is one in the state folder.</summary>
    private const string SlotsVariable = "PIPELINE_SLOTS";

    /// <summary>
    /// Where the slots lie: one place for all state folders of a user, so that two engines do not give away one GPU. In
    /// memory, because locks on network file systems are not inherited, and because nobody tidies up there.
    /// </summary>
    /// <param name="state">The state folder.</param>
    public static string SlotFolder(string state) => Path.GetFullPath(
        Environment.GetEnvironmentVariable(SlotsVariable) is { Length: > 0 } named
            ? named
            : $"/dev/shm/pipeline-slots-{Environment.UserName}",
        state);

    /// <summary>How many processors are taken at the moment, by any engine that shares the machine.</summary>
    /// <param name="slots">See <see cref="SlotFolder"/>.</param>
    public int CpusTaken(string slots) => Cpus - new Slots(slots, this).Free().Cpus;

    /// <summary>
    /// The machine as it is seen from here: the CPUs that affinity and container leave to us, the GPUs of
    /// <c>CUDA_VISIBLE_DEVICES</c> where it is set, and all of NVIDIA's device files where it is not.
    /// </summary>
    public static LocalMachine Detect()
    {
        var visible = Environment.GetEnvironmentVariable("CUDA_VISIBLE_DEVICES");
        var gpus = visible?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            ?? [.. Directory.EnumerateFiles("/dev", "nvidia*").Select(file => Path.GetFileName(file)["nvidia".Length..])
                .Where(number => int.TryParse(number, out _)).OrderBy(int.Parse)];
        return new(Environment.ProcessorCount, gpus);
    }
}
