namespace Pipeline.Endpoints;

/// <summary>A model behind an endpoint cannot be asked.</summary>
public sealed class EndpointException(string code, string message) : Exception(message)
{
    /// <summary>It refuses: no such model, a wrong key, a setting it does not take. Another try changes nothing.</summary>
    public const string Refused = "ENDPOINT_REFUSED";

    /// <summary>It cannot be reached, or failed as often as it was tried again. It may work another time.</summary>
    public const string Failed = "ENDPOINT_FAILED";

    /// <summary>It took longer than a request may. It may be faster another time.</summary>
    public const string TimedOut = "ENDPOINT_TIMEOUT";

    /// <summary>Stable, for documentation and tests; one of the constants of this class.</summary>
    public string Code { get; } = code;
}
