using Pipeline.Protocol.Jobs;

namespace Pipeline.Executors.Local;

/// <summary>The processes of a job, as their shim sees them.</summary>
internal abstract class JobTree
{
    /// <summary>Whether the stage's own process has ended; others of the tree may live on.</summary>
    public abstract bool StageEnded { get; }

    /// <summary>Whether nothing of the tree is left.</summary>
    public abstract bool Gone { get; }

    /// <summary>The stage's process.</summary>
    public abstract int StagePid { get; }

    /// <summary>The living processes of the tree.</summary>
    public abstract IReadOnlyList<int> Members();

    /// <summary>How it ended. Ask when it is <see cref="Gone"/>.</summary>
    public abstract ExitRecord Exit(ExitAsked askedBy);
}
