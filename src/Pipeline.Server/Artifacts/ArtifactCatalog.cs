using Pipeline.Datasets.Parquet;
using Pipeline.Engine.Attempts;
using Pipeline.Engine.Checkpoints;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;
using Pipeline.Server.Http;
using Pipeline.Server.Runs;
using Pipeline.Server.Stages;

namespace Pipeline.Server.Artifacts;

/// <summary>Shows what the stages of a run made. Reads below the folders of attempts alone, never at a path from a file.</summary>
internal sealed class ArtifactCatalog(RunCatalog runs, StateFiles files)
{
    private const int RowsShown = 20;
    private const long DocumentBytes = 64 * 1024;
    private readonly DiskRunFiles _disk = new();
    private static readonly string[] s_documents = [".json", ".jinja", ".txt", ".md"];

    /// <summary>All artifacts of a run, in the order of its stages.</summary>
    public async Task<IReadOnlyList<ArtifactLine>> List(string run)
    {
        var state = (await runs.Find(run)).State;
        return [.. state.Stages.SelectMany(stage => stage.Outputs.Select(output => Line(state, stage, output.Key, output.Value)))];
    }

    /// <summary>The checkpoints that lie on the disk, in the order of the stages that wrote them in this run, newest first.</summary>
    public async Task<IReadOnlyList<CheckpointLine>> Checkpoints(string run)
    {
        var state = (await runs.Find(run)).State;
        return
        [
            .. from stage in state.Stages
               from checkpoint in CheckpointRetention.Found(_disk, files.State, state.Run, stage)
               select new CheckpointLine(stage.Instance, checkpoint.Attempt, checkpoint.Folder.Step, files.SizeOf(checkpoint.Folder.Path), checkpoint.Kept),
        ];
    }

    /// <summary>One of them, with what is in it.</summary>
    /// <exception cref="ServerException">The run has no such stage, or the stage no such output.</exception>
    public async Task<ArtifactDetail> Find(string run, string instance, string output)
    {
        var state = (await runs.Find(run)).State;
        var stage = StageAttempts.Stage(state, instance);
        if (!stage.Outputs.TryGetValue(output, out var artifact)) throw ApiProblems.NotFound(
            $"Stage {instance} of run {state.Run} has no output {output}; it has {string.Join(", ", stage.Outputs.Keys.DefaultIfEmpty("none yet"))}.");
        var folder = Folder(state, stage, output);
        var all = Files(folder);
        return new(
            Line(state, stage, output, artifact),
            MadeFrom(state, stage),
            [.. state.Pipeline.Stages.SelectMany(other => other.Inputs
                .Where(input => input.Value.Makers.Contains(instance) && input.Value.Output == output)
                .Select(input => new ArtifactName(other.Instance, input.Key, input.Value.Kind)))],
            all,
            [.. all.Where(file => file.Bytes <= DocumentBytes && s_documents.Contains(Path.GetExtension(file.Path)))
                .Select(file => new ArtifactDocument(file.Path, Text(Path.Combine(folder, file.Path))))],
            artifact.Kind == ArtifactKind.Dataset && all.Count > 0 ? DatasetPreview.Of(folder, RowsShown) : null);
    }

    private ArtifactLine Line(RunState state, StageState stage, string output, StageOutput artifact)
    {
        var all = Files(Folder(state, stage, output));
        return new(
            stage.Instance, output, artifact.Kind, artifact.Digest, artifact.Rows, artifact.Parameters,
            all.Count == 0 ? null : all.Sum(file => file.Bytes),
            stage.Cached is { } cached ? new SourceView(cached.SourceRun, cached.SourceInstance, cached.SourceAttempt) : null);
    }

    private string Folder(RunState state, StageState stage, string output)
    {
        var key = stage.Cached is { } cached
            ? new AttemptKey(cached.SourceRun, cached.SourceInstance, cached.SourceAttempt)
            : new AttemptKey(state.Run, stage.Instance, stage.Last!.Number);
        return Path.Combine(files.State.Attempt(key).Outputs, output);
    }

    private List<ArtifactFile> Files(string folder)
    {
        files.Confine(folder);
        if (File.Exists(folder)) return [new(Path.GetFileName(folder), new FileInfo(folder).Length)];
        if (!Directory.Exists(folder)) return [];
        return
        [
            .. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Where(file => file.LinkTarget is null)
                .Select(file => new ArtifactFile(Path.GetRelativePath(folder, file.FullName), file.Length))
                .OrderBy(file => file.Path, StringComparer.Ordinal),
        ];
    }

    private string Text(string path)
    {
        using var file = files.Open(path);
        return file is null ? "" : new StreamReader(file).ReadToEnd();
    }

    private static List<ArtifactName> MadeFrom(RunState state, StageState stage)
    {
        var found = new List<ArtifactName>();
        var open = new Queue<StageState>([stage]);
        while (open.TryDequeue(out var next))
        {
            foreach (var (input, maker) in next.Stage.Inputs.Values.SelectMany(input => input.Makers.Select(maker => (input, maker))))
            {
                var name = new ArtifactName(maker, input.Output!, input.Kind);
                if (found.Contains(name)) continue;
                found.Add(name);
                open.Enqueue(state.Stage(maker));
            }
        }
        return found;
    }
}
