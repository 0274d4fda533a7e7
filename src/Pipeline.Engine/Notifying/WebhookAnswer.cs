namespace Pipeline.Engine.Notifying;

/// <summary>What came back from a webhook.</summary>
/// <param name="Trouble">Why it was not taken, for a person, without address or secret; null if it was.</param>
/// <param name="IsFinal">Whether another try would end the same.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone; null if it does not.</param>
public sealed record WebhookAnswer(string? Trouble, bool IsFinal = false, TimeSpan? RetryAfter = null)
{
    /// <summary>It was taken.</summary>
    public static WebhookAnswer Taken { get; } = new((string?)null);
}
