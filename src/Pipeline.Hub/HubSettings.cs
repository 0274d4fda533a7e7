namespace Pipeline.Hub;

/// <summary>Where repositories are fetched from and kept; the variables are those of <c>huggingface_hub</c>, so that both share one cache.</summary>
/// <param name="Endpoint">The server or a mirror of it.</param>
/// <param name="Token">Sent to that server alone, never written anywhere; null for none.</param>
/// <param name="Cache">The folder that runs, and other programs, share.</param>
public sealed record HubSettings(Uri Endpoint, string? Token, string Cache)
{
    /// <summary>From <c>HF_ENDPOINT</c>, <c>HF_TOKEN</c>, and the first of <c>HF_HUB_CACHE</c>, <c>HF_HOME</c>, <c>XDG_CACHE_HOME</c> and the home folder.</summary>
    /// <exception cref="HubException"><c>HF_ENDPOINT</c> is not an address.</exception>
    public static HubSettings FromEnvironment(Func<string, string?> variable)
    {
        string? Given(string name) => variable(name) is { Length: > 0 } value ? value : null;

        var endpoint = Given("HF_ENDPOINT") ?? "https://huggingface.co";
        if (!Uri.TryCreate(endpoint.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new HubException(HubErrors.Unreachable, $"HF_ENDPOINT is '{endpoint}', which is not an address. Write it as https://host, or unset it.");
        return new(address, Given("HF_TOKEN"), Given("HF_HUB_CACHE") ?? Path.Combine(
            Given("HF_HOME") ?? Path.Combine(
                Given("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
                "huggingface"),
            "hub"));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Endpoint} into {Cache}"; // a record would print the token
}
