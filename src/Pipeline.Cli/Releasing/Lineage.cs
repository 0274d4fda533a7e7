using Pipeline.Engine.Planning;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Stages;
using Pipeline.Spec.Resolved;

namespace Pipeline.Cli.Releasing;

/// <summary>All that a model was made of: the stages behind it, and what came from outside.</summary>
/// <param name="Stages">The stages, each after those that it reads; the last is the one that made the model.</param>
/// <param name="Sources">Models and datasets from elsewhere.</param>
internal sealed record Lineage(IReadOnlyList<StageState> Stages, IReadOnlyList<LineageSource> Sources)
{
    /// <summary>The instances of the stages.</summary>
    public IReadOnlySet<string> Instances { get; } = Stages.Select(stage => stage.Instance).ToHashSet();

    /// <summary>The lineage of what a stage made.</summary>
    public static Lineage Of(RunState run, StageState last)
    {
        var reached = new HashSet<string> { last.Instance };
        foreach (var stage in run.Stages.Reverse()) // each comes after those it reads
            if (reached.Contains(stage.Instance)) reached.UnionWith(stage.Stage.Inputs.Values.Select(input => MakerOf(run, input)?.Instance).OfType<string>());
        var stages = run.Stages.Where(stage => reached.Contains(stage.Instance)).ToList();
        return new(stages, [.. stages.Select(Fetched).OfType<LineageSource>(), .. stages.SelectMany(Given).DistinctBy(source => source.Path)]);
    }

    /// <summary>The stage that an input comes from; null for a path, or for a stage that was skipped.</summary>
    public static StageState? MakerOf(RunState run, StageInput input)
    {
        var maker = input.Best is { } best ? BestOf(run, best) : input.Stage is { } stage ? run.Stage(stage) : null;
        return maker is { Phase: StagePhase.Skipped } ? null : maker;
    }

    /// <summary>The best of several; null if none reported the metric.</summary>
    public static StageState? BestOf(RunState run, BestOf best) => MatrixRule.Best(run, best);

    private static LineageSource? Fetched(StageState stage)
    {
        if (stage.Stage.Uses is not (StageKinds.FetchModel or StageKinds.FetchDataset) || stage.Outputs.Values.FirstOrDefault() is not { } output) return null;
        string Option(string name) => (string?)stage.Stage.Options[name] ?? "";
        return new(Option("repository"), Option("revision"), output.Kind, output.Path, output.Digest);
    }

    private static IEnumerable<LineageSource> Given(StageState stage)
    {
        // A stage that came from the cache has no attempt here; what it read is still where it was, or its digest is not known.
        foreach (var (name, input) in stage.Stage.Inputs)
            if (input.Path is { } path)
                yield return new(Path.GetFileName(path.TrimEnd('/')), null, input.Kind, path, stage.Last?.Intent.Inputs.GetValueOrDefault(name)?.Digest ?? Digest(path));
    }

    private static string Digest(string path) => File.Exists(path) || Directory.Exists(path) ? ArtifactDigest.Of(path) : "";
}

/// <summary>A model or a dataset from outside of the run.</summary>
/// <param name="Name">Its repository on the Hub, or the name of its file or folder.</param>
/// <param name="Revision">The commit on the Hub; null for a path.</param>
/// <param name="Kind">What it is, see <see cref="ArtifactKind"/>.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Digest">Its content hash; empty if unknown.</param>
internal sealed record LineageSource(string Name, string? Revision, string Kind, string Path, string Digest)
{
    /// <summary>Whether it is a repository of the Hub, under whose name others find it.</summary>
    public bool IsOfHub => Revision is not null;
}
