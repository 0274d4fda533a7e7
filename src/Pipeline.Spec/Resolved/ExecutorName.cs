namespace Pipeline.Spec.Resolved;

/// <summary>What can run jobs.</summary>
public enum ExecutorName
{
    /// <summary>Processes of the machine that the engine runs on.</summary>
    Local,

    /// <summary>A cluster under Slurm; the state folder lies on a file system that all of it shares.</summary>
    Slurm,
}
