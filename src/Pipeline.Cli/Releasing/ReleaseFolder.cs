using System.Security.Cryptography;
using Pipeline.Protocol.Artifacts;

namespace Pipeline.Cli.Releasing;

/// <summary>A released model's folder: made beside its place under another name, and there whole or not at all.</summary>
internal static class ReleaseFolder
{
    /// <summary>The file with the hashes of all others, as <c>sha256sum -c</c> reads it.</summary>
    public const string Sums = "SHA256SUMS";

    /// <summary>Writes the folder.</summary>
    /// <param name="target">Where it is to be; not there yet, or empty.</param>
    /// <param name="model">The folder of the model.</param>
    /// <param name="digest">What that folder must hash to.</param>
    /// <param name="texts">Further files by name; they win over those of the model.</param>
    /// <param name="licences">Texts of licences by name; those of the model win over them.</param>
    /// <returns>The names of its files.</returns>
    public static IReadOnlyList<string> Write(
        string target, string model, string digest, IReadOnlyDictionary<string, string> texts, IReadOnlyDictionary<string, string> licences)
    {
        target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        Refuse(target);
        if (!Directory.Exists(model) || ArtifactDigest.Of(model) != digest)
            throw new CliException("ARTIFACT_CHANGED", $"{model} is not what its stage made any more: its digest is not {digest}. `pipeline verify` tells more.", ExitCode.Failed);
        var parent = Path.GetDirectoryName(target)!;
        Directory.CreateDirectory(parent);
        var partial = Path.Combine(parent, $".{Path.GetFileName(target)}.tmp-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(partial);
            foreach (var (name, text) in licences) File.WriteAllText(Path.Combine(partial, name), text);
            foreach (var file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(partial, Path.GetRelativePath(model, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy, overwrite: true);
            }
            foreach (var (name, text) in texts) File.WriteAllText(Path.Combine(partial, name), text);
            var names = Directory.EnumerateFiles(partial, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(partial, file)).Order(StringComparer.Ordinal).ToList();
            File.WriteAllText(Path.Combine(partial, Sums), string.Concat(names.Select(name => $"{Sha256(Path.Combine(partial, name))}  {name}\n")));
            foreach (var name in names.Append(Sums)) Flush(Path.Combine(partial, name));
            if (Directory.Exists(target)) Directory.Delete(target); // empty, or it throws
            Directory.Move(partial, target);
            return [.. names, Sums];
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        }
    }

    private static void Refuse(string target)
    {
        if (File.Exists(target) || (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()))
            throw new CliException("FOLDER_NOT_EMPTY", $"{target} is there and not empty. Name a folder that is not there yet by --to.", ExitCode.Usage);
    }

    private static string Sha256(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }
}
