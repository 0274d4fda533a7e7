namespace Pipeline.Executors.Local;

/// <summary>What this machine has to give.</summary>
/// <param name="Cpus">Processors this process may use.</param>
/// <param name="Gpus">The graphics processors as CUDA names them: numbers or UUIDs.</param>
public sealed record LocalMachine(int Cpus, IReadOnlyList<string> Gpus)
{
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
