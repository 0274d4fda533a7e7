namespace Pipeline.Rewards.Sandboxes;

/// <summary>A control group for one program, under one controller or several.</summary>
/// <param name="folders">Where it lies, one folder a controller in the kernel's first version.</param>
/// <param name="left">Takes it if it cannot be removed yet: the kernel takes a moment to bury killed processes.</param>
internal sealed class ControlGroup(IReadOnlyList<string> folders, Action<ControlGroup> left) : IDisposable
{
    /// <summary>Where it lies.</summary>
    public IReadOnlyList<string> Folders => folders;

    /// <summary>A process joins by writing its id into each of these.</summary>
    public IEnumerable<string> Doors => folders.Select(folder => Path.Combine(folder, "cgroup.procs"));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!TryRemove()) left(this);
    }

    /// <summary>Removes what has no processes any more.</summary>
    /// <returns>Whether nothing is left.</returns>
    public bool TryRemove() => folders.Aggregate(true, (all, folder) => IsRemoved(folder) && all);

    private static bool IsRemoved(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
