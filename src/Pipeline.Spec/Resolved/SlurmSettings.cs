namespace Pipeline.Spec.Resolved;

/// <summary>What Slurm is told about a stage's jobs, beside its resources; null: the cluster decides.</summary>
/// <param name="Partition">Partition.</param>
/// <param name="Account">Account that is charged.</param>
/// <param name="Qos">Quality of service.</param>
/// <param name="Constraint">Features that the nodes must have.</param>
/// <param name="GpuType">Type of the graphics processors.</param>
/// <param name="TimeSeconds">Time limit of one job, before which it is interrupted and goes on in another; null: the stage's timeout.</param>
public sealed record SlurmSettings(
    string? Partition = null,
    string? Account = null,
    string? Qos = null,
    string? Constraint = null,
    string? GpuType = null,
    double? TimeSeconds = null);
