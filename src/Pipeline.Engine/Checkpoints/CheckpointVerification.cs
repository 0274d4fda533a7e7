using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Checkpoints;

/// <summary>Tells whole checkpoints from damaged ones.</summary>
public static class CheckpointVerification
{
    /// <summary>What the name of a checkpoint holds that is being written or deleted.</summary>
    internal const string UnfinishedMark = ".tmp-";

    private const string Prefix = "step-";

    /// <summary>
    /// The checkpoints of an attempt by their names, <c>step-000100</c>. One that was not finished has another name
    /// (<c>step-000100.tmp-1</c>) and is not among them.
    /// </summary>
    public static IReadOnlyList<CheckpointFolder> In(AttemptFolder folder)
    {
        if (!Directory.Exists(folder.Checkpoints)) return [];
        var found = new List<CheckpointFolder>();
        foreach (var path in Directory.EnumerateDirectories(folder.Checkpoints, Prefix + "*"))
        {
            var digits = Path.GetFileName(path.AsSpan())[Prefix.Length..];
            if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var step)) found.Add(new(path, step));
        }
        return found;
    }

    /// <summary>What is wrong with the checkpoint, for a person; null if every file is as its manifest says.</summary>
    public static string? Damage(CheckpointFolder checkpoint, string fingerprint)
    {
        try
        {
            var path = Path.Combine(checkpoint.Path, CheckpointManifest.FileName);
            var manifest = JsonSerializer.Deserialize<CheckpointManifest>(File.ReadAllBytes(path), ProtocolJson.Line)!;
            if (manifest.Format != 1) return $"its manifest is of format {manifest.Format}, this version reads format 1";
            if (manifest.Fingerprint != fingerprint) return "it was made under another fingerprint";
            if (manifest.Step != checkpoint.Step) return $"its manifest is of step {manifest.Step}";
            return manifest.Files.Select(file => Damage(checkpoint.Path, file)).FirstOrDefault(damage => damage is not null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return error.Message;
        }
    }

    private static string? Damage(string folder, CheckpointFile file)
    {
        var path = Path.GetFullPath(Path.Combine(folder, file.Path));
        if (!path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return $"{file.Path} lies outside of it";
        if (!File.Exists(path)) return $"{file.Path} is missing";
        using var stream = File.OpenRead(path);
        if (stream.Length != file.Size) return $"{file.Path} has {stream.Length} bytes in place of {file.Size}";
        var hash = Convert.ToHexString(SHA256.HashData(stream));
        return hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase) ? null : $"the SHA-256 of {file.Path} differs";
    }
}
