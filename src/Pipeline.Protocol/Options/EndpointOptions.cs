using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>A server that speaks OpenAI's chat API: vLLM, SGLang, llama.cpp's server, or a hosted one.</summary>
public sealed record EndpointOptions
{
    /// <summary>Where the API begins, mostly ending in <c>/v1</c>, such as <c>http://localhost:8000/v1</c>.</summary>
    [RegularExpression("https?://.+", ErrorMessage = "must begin with http:// or https://, such as http://localhost:8000/v1.")]
    public required string Url { get; init; }

    /// <summary>The model's name at that server.</summary>
    [MinLength(1)] public required string Model { get; init; }

    /// <summary>Name of the environment variable with the API key; the key itself never stands in a file. Default none: no key is sent.</summary>
    [RegularExpression("[A-Za-z_][A-Za-z0-9_]*", ErrorMessage = "must be the name of an environment variable, not the key itself.")]
    public string? ApiKeyVariable { get; init; }

    /// <summary>Requests under way at once. Default 16; a server that batches wants many.</summary>
    [Range(1, 4096)] public int Concurrency { get; init; } = 16;

    /// <summary>Tries after the first, when the server is busy, failing or not to be reached; each waits twice as long as the one before. Default 5.</summary>
    [Range(0, 100)] public int Retries { get; init; } = 5;

    /// <summary>Seconds after which a request counts as failed. Default 600: a long chain of thought takes minutes.</summary>
    [Range(1, 86_400)] public int TimeoutSeconds { get; init; } = 600;
}
