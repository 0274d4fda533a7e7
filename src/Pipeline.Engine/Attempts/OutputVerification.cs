using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Engine.Attempts;

/// <summary>Whether a finished stage left what it says: nothing becomes an output before its content was read again.</summary>
public static class OutputVerification
{
    /// <summary>The outputs that the pipeline declares; or what is wrong with the first that is not as claimed.</summary>
    public static (IReadOnlyDictionary<string, StageOutput>? Outputs, string? Damage) Of(
        IRunFiles files, AttemptFolder folder, ResolvedStage stage, ResultFile result)
    {
        CrashPoint.Before("verify");
        var outputs = new SortedDictionary<string, StageOutput>(StringComparer.Ordinal);
        foreach (var (name, kind) in stage.Outputs)
        {
            var path = Path.Combine(folder.Outputs, name);
            if (!result.Outputs.TryGetValue(name, out var claimed))
                return (null, $"Its result.json does not name the output '{name}'.");
            if (Digest(files, path) is not { } digest) return (null, $"Its output '{name}' is not at {path}, or cannot be read.");
            // A program from outside may leave the hashing to us.
            if (claimed.Digest.Length > 0 && claimed.Digest != digest)
                return (null, $"Its output '{name}' at {path} has the digest {digest}; its result.json claims {claimed.Digest}.");
            outputs[name] = new StageOutput(path, kind, digest, claimed.Rows, claimed.Parameters);
        }
        CrashPoint.After("verify");
        return (outputs, null);
    }

    private static string? Digest(IRunFiles files, string path)
    {
        try
        {
            return files.Digest(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { return null; }
    }
}
