using System.Globalization;

namespace Pipeline.Executors.Local;

/// <summary>
/// A control group of the kernel that holds a job's whole tree to its memory limit: what is beyond is killed at the
/// moment it is touched, however fast it grows. Where control groups may not be written, the shim looks instead.
/// </summary>
internal sealed class MemoryGroup : IDisposable
{
    private const string Root = "/sys/fs/cgroup";

    private readonly string _group;
    private readonly string _origin;
    private readonly string _kills;

    private MemoryGroup(string group, string origin, string kills) => (_group, _origin, _kills) = (group, origin, kills);

    /// <summary>A group of that limit; null where this process may not make one.</summary>
    /// <param name="bytes">Limit of all processes in it together, also of what they write to temporary file systems.</param>
    public static MemoryGroup? TryMake(long bytes)
    {
        var name = $"pipeline-{Guid.NewGuid():N}";
        foreach (var line in File.ReadLines("/proc/self/cgroup"))
        {
            // hierarchy:controllers:path; version 2 has no controllers there.
            if (line.Split(':', 3) is not [_, var controllers, var path]) continue;
            if (controllers.Split(',').Contains("memory"))
            {
                var own = $"{Root}/memory{path}";
                return TryMake(Path.Combine(own, name), own, bytes, "memory.limit_in_bytes", "memory.oom_control");
            }
            // Beside our own group: one that holds processes may not have groups with limits below it, but for the root.
            if (controllers.Length == 0 && File.Exists($"{Root}/cgroup.controllers"))
            {
                var parent = path == "/" ? Root : Path.GetDirectoryName(Root + path)!;
                return TryMake(Path.Combine(parent, name), Root + path, bytes, "memory.max", "memory.events");
            }
        }
        return null;
    }

    /// <summary>Does <paramref name="start"/> as a member of the group, so that the processes it starts are members from their first moment.</summary>
    public T Within<T>(Func<T> start)
    {
        Enter(_group);
        try { return start(); }
        finally { Enter(_origin); }
    }

    /// <summary>Whether the kernel has killed any of its processes for want of memory.</summary>
    public bool HasKilled() => File.ReadLines(Path.Combine(_group, _kills))
        .Any(line => line.Split(' ') is ["oom_kill", var count] && count != "0");

    /// <summary>Removes the group, if it is empty.</summary>
    public void Dispose()
    {
        try { Directory.Delete(_group); }
        catch (IOException) { } // a process of it is still being buried; an empty group costs nothing
    }

    private static MemoryGroup? TryMake(string group, string origin, long bytes, string limit, string kills)
    {
        if (!File.Exists(Path.Combine(origin, "cgroup.procs"))) return null; // a container that sees another tree
        try
        {
            Directory.CreateDirectory(group);
            if (File.Exists(Path.Combine(group, limit)))
            {
                File.WriteAllText(Path.Combine(group, limit), bytes.ToString(CultureInfo.InvariantCulture));
                return new(group, origin, kills);
            }
            Directory.Delete(group); // the controller is not handed down to us
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { } // it is not ours to write
        return null;
    }

    private static void Enter(string group) =>
        File.WriteAllText(Path.Combine(group, "cgroup.procs"), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
}
