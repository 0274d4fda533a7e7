using Pipeline.Spec.Shapes;

namespace Pipeline.Spec.Written;

/// <summary>What Slurm is told about a stage's jobs, beside its resources.</summary>
internal sealed record SlurmSpec
{
    /// <summary>Partition. Default the cluster's.</summary>
    public string? Partition { get; init; }

    /// <summary>Account that is charged. Default the user's.</summary>
    public string? Account { get; init; }

    /// <summary>Quality of service. Default the account's.</summary>
    public string? Qos { get; init; }

    /// <summary>Features that the nodes must have, such as <c>infiniband</c>. Default any.</summary>
    public string? Constraint { get; init; }

    /// <summary>Type of the graphics processors as the cluster names it, such as <c>a100</c>. Default any.</summary>
    public string? GpuType { get; init; }

    /// <summary>
    /// Time limit of one job, such as <c>24h</c>: shortly before it the stage writes a checkpoint and ends, and another job
    /// goes on from there. Default the stage's timeout, else the partition's.
    /// </summary>
    [Duration] public string? Time { get; init; }
}
