namespace Pipeline.Server.Control;

/// <summary>A person's answer to a stage that waits for approval.</summary>
/// <param name="Approved">Yes or no.</param>
/// <param name="Reason">Why.</param>
internal sealed record ApprovalAnswer(bool Approved, string? Reason = null);
