namespace Pipeline.Executors.Local;

/// <summary>
/// The processors of the machine as files that are locked while in use. The lock is inherited by the stage and all its
/// children, so a slot is free when the last of them is gone, whoever was killed in whatever order.
/// </summary>
/// <param name="folder">Where the files lie; every engine that shares the machine uses the same folder.</param>
/// <param name="machine">What there is.</param>
internal sealed class Slots(string folder, LocalMachine machine)
{
    /// <summary>How many are free at the moment. A hint: between asking and taking, somebody else may be faster.</summary>
    public (int Cpus, int Gpus) Free()
    {
        Directory.CreateDirectory(folder);
        int NotTaken(IEnumerable<string> slots) => slots.Count(slot => !FileLock.IsTaken(Path.Combine(folder, slot)));
        return (NotTaken(Cpus), NotTaken(Gpus));
    }

    /// <summary>
    /// Takes all of what is asked for or nothing. Two at once may each hold what the other lacks, and both get nothing: try
    /// again after a time that differs.
    /// </summary>
    /// <returns>What was taken; null if there is not enough at the moment.</returns>
    public TakenSlots? TryTake(int cpus, int gpus)
    {
        Directory.CreateDirectory(folder);
        var processors = Take(Cpus, cpus);
        var graphics = Take(Gpus, gpus);
        if (processors.Numbers.Count == cpus && graphics.Numbers.Count == gpus)
            return new(processors, graphics, [.. graphics.Numbers.Select(number => machine.Gpus[number])]);

        processors.Dispose();
        graphics.Dispose();
        return null;
    }

    // A GPU's slot bears its name: engines that see different ones count them differently.
    private IEnumerable<string> Cpus => Enumerable.Range(0, machine.Cpus).Select(number => $"cpu-{number}");

    private IEnumerable<string> Gpus => machine.Gpus.Select(name => $"gpu-{name}");

    private Locks Take(IEnumerable<string> slots, int wanted)
    {
        var taken = new Locks();
        foreach (var (number, slot) in slots.Index())
        {
            if (taken.Numbers.Count == wanted) break;
            if (FileLock.Try(Path.Combine(folder, slot)) is { } file) taken.Add(number, file);
        }
        return taken;
    }

    /// <summary>Locked slots of one kind.</summary>
    internal sealed class Locks : IDisposable
    {
        private readonly List<FileLock> _files = [];

        public List<int> Numbers { get; } = [];

        public void Add(int number, FileLock file)
        {
            Numbers.Add(number);
            _files.Add(file);
        }

        public void Inherit() => _files.ForEach(file => file.Inherit());

        public void Dispose() => _files.ForEach(file => file.Dispose());
    }
}

/// <summary>Slots that a shim holds.</summary>
/// <param name="Processors">Locks of the CPUs.</param>
/// <param name="Graphics">Locks of the GPUs.</param>
/// <param name="Gpus">Names of its GPUs, for <c>CUDA_VISIBLE_DEVICES</c>.</param>
internal sealed record TakenSlots(Slots.Locks Processors, Slots.Locks Graphics, IReadOnlyList<string> Gpus) : IDisposable
{
    /// <summary>Children started from now on hold them as well.</summary>
    public void Inherit()
    {
        Processors.Inherit();
        Graphics.Inherit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Processors.Dispose();
        Graphics.Dispose();
    }
}
