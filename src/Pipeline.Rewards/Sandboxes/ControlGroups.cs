using System.Collections.Concurrent;
using System.Globalization;

namespace Pipeline.Rewards.Sandboxes;

/// <summary>
/// Makes control groups where the machine lets us, in the kernel's second version (one folder a group) or its first (a folder
/// a group under each controller). They hold all processes of a program together to its memory, processes and one processor.
/// </summary>
internal sealed class ControlGroups
{
    // Our process id is in the name, so that a later process can tell what a killed one has left.
    private const string Prefix = "pipeline-sandbox-";
    private const int Period = 100_000; // microseconds, the kernel's default
    private const int OwnProcesses = 4; // the shell and bubblewrap's own, which are counted as well

    private readonly IReadOnlyList<string> _parents;
    private readonly bool _isSecondVersion;
    private readonly ConcurrentQueue<ControlGroup> _left = [];
    private int _count;

    private ControlGroups(IReadOnlyList<string> parents, bool isSecondVersion) => (_parents, _isSecondVersion) = (parents, isSecondVersion);

    /// <summary>The control groups of this machine; null if there are none that we may write.</summary>
    /// <param name="root">Where they are mounted.</param>
    public static ControlGroups? Find(string root = "/sys/fs/cgroup")
    {
        var candidates = File.Exists(Path.Combine(root, "cgroup.controllers"))
            ? new ControlGroups([root], isSecondVersion: true)
            : new ControlGroups([.. new[] { "memory", "pids", "cpu" }.Select(controller => Path.Combine(root, controller))], isSecondVersion: false);
        try
        {
            candidates.Sweep();
            candidates.Create(new SandboxLimits()).Dispose(); // a try tells more than permissions do
            return candidates;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Makes a group for one program.</summary>
    /// <exception cref="IOException">The kernel refuses.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write.</exception>
    public ControlGroup Create(SandboxLimits limits)
    {
        for (var count = _left.Count; count > 0 && _left.TryDequeue(out var earlier); count--) earlier.Dispose();
        var name = $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
        var group = new ControlGroup([.. _parents.Select(parent => Path.Combine(parent, name))], _left.Enqueue);
        try
        {
            foreach (var folder in group.Folders) Directory.CreateDirectory(folder);
            var last = _parents.Count - 1;
            if (_isSecondVersion)
            {
                Set(group.Folders[0], "memory.max", limits.MemoryBytes);
                Set(group.Folders[0], "memory.swap.max", 0, isOptional: true);
                Set(group.Folders[0], "pids.max", limits.Processes + OwnProcesses);
                Set(group.Folders[0], "cpu.max", Period, isOptional: true);
            }
            else
            {
                Set(group.Folders[0], "memory.limit_in_bytes", limits.MemoryBytes);
                Set(group.Folders[0], "memory.memsw.limit_in_bytes", limits.MemoryBytes, isOptional: true); // memory and swap together
                Set(group.Folders[1], "pids.max", limits.Processes + OwnProcesses);
                Set(group.Folders[last], "cpu.cfs_quota_us", Period, isOptional: true);
            }
            return group;
        }
        catch
        {
            group.Dispose();
            throw;
        }
    }

    /// <summary>Writes a limit. An existing file is opened and none made: in a folder that is no control group this fails.</summary>
    private static void Set(string folder, string file, long value, bool isOptional = false)
    {
        var path = Path.Combine(folder, file);
        if (isOptional && !File.Exists(path)) return;
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
        stream.Write(System.Text.Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture)));
    }

    private void Sweep()
    {
        foreach (var folder in _parents.Where(Directory.Exists).SelectMany(parent => Directory.EnumerateDirectories(parent, Prefix + "*")))
        {
            var owner = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (!Directory.Exists($"/proc/{owner}")) new ControlGroup([folder], _left.Enqueue).Dispose();
        }
    }
}
