namespace Pipeline.Protocol.Jobs;

/// <summary>Why an attempt did not succeed; it decides what follows.</summary>
/// <remarks>
/// <code>
/// exit 78 ................. Config        never retried
/// exit 75 ................. Interrupted   started again at once, does not count
/// signal not ours, node lost NodeFailure  retried; counts only without a new checkpoint
/// memory limit ............ OutOfMemory   not retried
/// heartbeat too old ....... Stalled       killed, then as NodeFailure
/// wall limit .............. Timeout       retried only if retry.on says so
/// anything else ........... Failed        retried only if retry.on says so
/// </code>
/// </remarks>
public enum FailureClass
{
    /// <summary>The configuration or an input is wrong: never retried.</summary>
    Config,

    /// <summary>It stopped after a checkpoint: started again at once, does not count.</summary>
    Interrupted,

    /// <summary>Killed by a signal that was not ours, or its machine is gone: retried, counted only if no checkpoint was gained.</summary>
    NodeFailure,

    /// <summary>It met its memory limit: not retried, the same would happen again.</summary>
    OutOfMemory,

    /// <summary>Its heartbeat stopped: killed, then treated as <see cref="NodeFailure"/>.</summary>
    Stalled,

    /// <summary>It met its wall-clock limit: retried only where <c>retry.on</c> says so.</summary>
    Timeout,

    /// <summary>It failed by itself: retried only where <c>retry.on</c> says so.</summary>
    Failed,

    /// <summary>A person cancelled it: not retried.</summary>
    Cancelled,
}
