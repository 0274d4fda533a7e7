using Pipeline.Protocol;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Protocol.Stages;

namespace Pipeline.Stages.Hosting;

/// <summary>Writes the stage's outputs, each whole or not at all, and remembers their digests for <c>result.json</c>.</summary>
/// <param name="job">Says where each output is to lie.</param>
/// <param name="kind">Says what each output is.</param>
public sealed class StageOutputs(JobFile job, StageKind kind)
{
    private readonly SortedDictionary<string, ResultOutput> _written = new(StringComparer.Ordinal);

    /// <summary>What was written so far.</summary>
    public IReadOnlyDictionary<string, ResultOutput> Written => _written;

    /// <summary>Whether the job asks for the output; one that nobody reads need not be named.</summary>
    public bool Asks(string name) => job.Outputs.ContainsKey(name);

    /// <summary>Writes an output under a temporary name and then moves it to its place.</summary>
    /// <param name="name">Its name, one of the stage kind's.</param>
    /// <param name="write">
    /// Fills the folder it is given, which exists and is empty, and returns the number of rows of a dataset, of
    /// parameters of a model; for other kinds the number is not used.
    /// </param>
    /// <exception cref="ConfigException">The job does not say where the output is to lie.</exception>
    public void Write(string name, Func<string, long> write)
    {
        var port = kind.Outputs.Single(output => output.Name == name);
        if (!job.Outputs.TryGetValue(name, out var target))
            throw new ConfigException(StageErrors.OutputMissing, $"The job has no path for the output '{name}' of {kind.Name}.");

        var partial = target + ".partial";
        if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
        Directory.CreateDirectory(partial);
        try
        {
            var size = write(partial);
            CrashPoint.Before("output");
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true); // of a former start of this attempt
            Directory.Move(partial, target);
            WholeFile.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(target))!);
            CrashPoint.After("output");
            _written[name] = new ResultOutput(port.Kind, ArtifactDigest.Of(target),
                Rows: port.Kind == ArtifactKind.Dataset ? size : null,
                Parameters: port.Kind == ArtifactKind.Model ? size : null);
        }
        catch
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
            throw;
        }
    }
}
