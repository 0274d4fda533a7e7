namespace Pipeline.Hub;

/// <summary>A repository, or a file of it, could not be fetched.</summary>
/// <param name="code">One of <see cref="HubErrors"/>.</param>
/// <param name="message">What was found, where, and what to try.</param>
public sealed class HubException(string code, string message) : Exception(message)
{
    /// <summary>One of <see cref="HubErrors"/>.</summary>
    public string Code { get; } = code;

    /// <summary>Whether another try later may well succeed.</summary>
    public bool MayPass => Code is HubErrors.Unreachable or HubErrors.NoRoom;
}
