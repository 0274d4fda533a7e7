namespace Pipeline.Spec.Resolved;

/// <summary>A person's yes that a stage waits for before it starts.</summary>
/// <param name="Message">The question.</param>
/// <param name="TimeoutSeconds">How long an answer is waited for; null for ever.</param>
/// <param name="OnTimeout">The answer if nobody gave one by then.</param>
public sealed record Approval(string Message, double? TimeoutSeconds = null, ApprovalTimeout OnTimeout = ApprovalTimeout.Reject);

/// <summary>The answer that stands in for a person's.</summary>
public enum ApprovalTimeout
{
    /// <summary>No: the stage fails.</summary>
    Reject,

    /// <summary>Yes: the stage starts.</summary>
    Approve,
}
