using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pipeline.Protocol.Jobs;

/// <summary><c>result.json</c>: what a finished stage made. Written last and atomically; its presence means done.</summary>
public sealed record ResultFile
{
    /// <summary>Version of the stage protocol, 1.</summary>
    public int Protocol { get; init; } = 1;

    /// <summary>The token of the job file it answers.</summary>
    public required string Token { get; init; }

    /// <summary>The outputs by name.</summary>
    public IReadOnlyDictionary<string, ResultOutput> Outputs { get; init; } = new Dictionary<string, ResultOutput>();

    /// <summary>Final numbers, such as <c>eval/pass@1</c>.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Tokens trained on or sampled, over all attempts.</summary>
    public long Tokens { get; init; }

    /// <summary>Seconds of work, over all attempts.</summary>
    public double Seconds { get; init; }

    /// <summary>Things a person should know that did not stop the stage.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Fields of later versions, kept and ignored.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>One output of a finished stage.</summary>
/// <param name="Kind">What it is, see <see cref="Artifacts.ArtifactKind"/>.</param>
/// <param name="Digest">Its content hash, see <see cref="Artifacts.ArtifactDigest"/>.</param>
/// <param name="Rows">Number of rows, for a dataset.</param>
/// <param name="Parameters">Number of parameters, for a model.</param>
public sealed record ResultOutput(string Kind, string Digest, long? Rows = null, long? Parameters = null);
