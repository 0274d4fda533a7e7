using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Fingerprints;

/// <summary>
/// All that determines what a stage makes. Two stages with equal parts make the same artifacts, so the second can take
/// those of the first.
/// </summary>
/// <remarks>
/// Kind and its version, options, digests of the inputs by name, seed, reasons to end early. Threads and graphics processors only where the
/// file names them, because sums in another order differ in their last bits; a stage that takes all the machine has is
/// taken to mean the same on every machine. For a command also its arguments and the content of its <c>code</c>. Not
/// part: ids, paths, retries, limits of time and memory, checkpoints.
/// </remarks>
public sealed class FingerprintParts
{
    private FingerprintParts(JsonObject json) => Json = json;

    /// <summary>The parts, as they can be kept and read again.</summary>
    public JsonObject Json { get; }

    /// <summary>The parts of a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="inputDigests">Digest of each input by name, see <see cref="ArtifactDigest"/>.</param>
    /// <exception cref="KeyNotFoundException">An input has no digest.</exception>
    /// <exception cref="FileNotFoundException">A file under <c>code</c> is not there any more.</exception>
    public static FingerprintParts Of(ResolvedStage stage, IReadOnlyDictionary<string, string> inputDigests)
    {
        var parts = new JsonObject
        {
            ["kind"] = stage.Uses,
            ["kind_version"] = stage.KindVersion,
            ["options"] = stage.Options.DeepClone(),
            ["inputs"] = new JsonObject(stage.Inputs.Keys.Select(name => KeyValuePair.Create(name, (JsonNode?)inputDigests[name]))),
            ["seed"] = stage.Seed,
        };
        if (stage.StopWhen.Count > 0) parts["stop_when"] = JsonSerializer.SerializeToNode(stage.StopWhen, ProtocolJson.Line);
        if (stage.Resources.Cpus is { } cpus) parts["cpus"] = cpus;
        if (stage.Resources.Gpus > 0) parts["gpus"] = stage.Resources.Gpus;
        if (stage.Command is { } command) parts["command"] = new JsonArray([.. command.Select(argument => (JsonNode?)argument)]);
        if (stage.Code is { } code) parts["code"] = new JsonArray([.. code.Select(file => (JsonNode?)ArtifactDigest.Of(file))]);
        return new FingerprintParts(parts);
    }

    /// <summary>Parts that were kept as JSON.</summary>
    public static FingerprintParts Read(JsonObject json) => new(json);

    /// <summary>The fingerprint: SHA-256 of the parts as canonical JSON, <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public string Hash() => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Of(Json))));

    /// <summary>
    /// What differs, one phrase each, for "miss: learning_rate 1e-4 -> 5e-5". Empty if the fingerprints are equal.
    /// </summary>
    public static IReadOnlyList<string> Difference(FingerprintParts before, FingerprintParts after) =>
        FlatJson.Difference(Flat(before.Json), Flat(after.Json));

    private static Dictionary<string, string> Flat(JsonObject json)
    {
        var flat = new Dictionary<string, string>();
        foreach (var (part, value) in json)
        {
            var name = part switch { "options" => "", "inputs" => "input", _ => part };
            FlatJson.Add(flat, name, value, part == "inputs" ? " " : ".");
        }
        return flat;
    }
}
