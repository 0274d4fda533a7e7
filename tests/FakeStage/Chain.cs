using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.FakeStage;

/// <summary>The stage's whole state: hash n is the hash of hash n-1 and n.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Hash">64 hexadecimal digits.</param>
internal sealed record Chain(long Step, string Hash)
{
    /// <summary>A falling number with noise that only depends on the chain.</summary>
    public double Loss => 4.0 / (1 + Step) + Convert.ToInt32(Hash[..4], 16) / 1e6;

    /// <summary>Hash 0: of the stage, its seed and the content of its inputs.</summary>
    public static Chain Begin(JobFile job)
    {
        var inputs = job.Inputs.OrderBy(input => input.Key, StringComparer.Ordinal)
            .Select(input => $"{input.Key}={ArtifactDigest.Of(input.Value.Path)}");
        return new(0, HashOf($"{job.Instance} {job.Seed} {string.Join(' ', inputs)}"));
    }

    /// <summary>The chain one step on.</summary>
    public Chain Next() => new(Step + 1, HashOf($"{Hash} {Step + 1}"));

    /// <summary>The chain of a checkpoint.</summary>
    public static Chain Read(string checkpoint) =>
        JsonSerializer.Deserialize<Chain>(File.ReadAllText(Path.Combine(checkpoint, "state.json")), ProtocolJson.Line)!;

    /// <summary>Writes a checkpoint and returns its path.</summary>
    /// <param name="folder">The attempt's folder.</param>
    /// <param name="job">The job.</param>
    /// <param name="halfway">Done when the files are written and the checkpoint is not there yet.</param>
    public string Write(AttemptFolder folder, JobFile job, Action halfway)
    {
        var final = Path.Combine(folder.Checkpoints, $"step-{Step:D6}");
        if (Directory.Exists(final)) return final;
        var partial = $"{final}.tmp-{job.Attempt}";
        Directory.CreateDirectory(partial);
        var state = Path.Combine(partial, "state.json");
        WholeFile.WriteJson(state, this);
        var bytes = File.ReadAllBytes(state);
        WholeFile.WriteJson(Path.Combine(partial, "manifest.json"), new JsonObject
        {
            ["format"] = 1,
            ["step"] = Step,
            ["fingerprint"] = job.Fingerprint,
            ["files"] = new JsonArray(new JsonObject
            {
                ["path"] = "state.json",
                ["size"] = bytes.Length,
                ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            }),
        });
        halfway();
        Directory.Move(partial, final);
        WholeFile.FlushFolder(folder.Checkpoints);
        return final;
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
