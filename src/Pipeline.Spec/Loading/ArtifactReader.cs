using Pipeline.Protocol.Artifacts;
using Pipeline.Spec.Expressions;
using Pipeline.Spec.Resolved;
using Pipeline.Spec.Shapes;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>Reads a value that refers to an artifact: a path, or an output of another stage.</summary>
/// <param name="outputs">Kinds of each stage's outputs by stage and name; null where an error hides them.</param>
/// <param name="instances">The instances of each stage; one for a stage without a matrix, none where an error hides them.</param>
/// <param name="fetches">Gets what is fetched from the Hub.</param>
/// <param name="checkPaths">Whether a path that leads nowhere is an error.</param>
/// <param name="problems">Gets what is wrong.</param>
internal sealed class ArtifactReader(
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>?> outputs,
    IReadOnlyDictionary<string, IReadOnlyList<StageInstance>> instances,
    Fetches fetches,
    bool checkPaths,
    Problems problems)
{
    /// <summary>Whether a value is an output of all instances of a stage with a matrix.</summary>
    public bool IsOfSeveral(Node node) => node is OutputNode { Pick: null } output && HasMatrix(output.Stage);

    /// <summary>The value, or in its place the output of each instance where it is of all of them.</summary>
    public IEnumerable<Node> EachInstance(Node node) => node is OutputNode output && IsOfSeveral(node)
        ? instances[output.Stage].Select(instance => output with
        {
            Pick = new InstancePick(instance.Values!.ToDictionary(value => value.Key, value => StagePick.Text(value.Value.Value))),
        })
        : [node];


    /// <summary>Where the artifact comes from; null with an error added.</summary>
    /// <param name="node">What stands in the file.</param>
    /// <param name="name">How messages name the input or setting.</param>
    /// <param name="kinds">The kinds that are taken; empty for any.</param>
    public StageInput? Read(Node node, string name, IReadOnlyList<string> kinds)
    {
        switch (node)
        {
            case OutputNode output:
                return FromStage(output, name, kinds);
            case ScalarNode { Value: string text } when HubReference.IsOne(text):
                return FromHub(text, node.At, name, kinds);
            case ScalarNode { Value: string path } when path.Length > 0:
                return FromPath(path, node.At, kinds);
            case LateTextNode late:
                problems.Add(SpecErrors.MisplacedReference, node.At, Expected.Later(late));
                return null;
            case BrokenNode:
                return null;
            default:
                problems.Add(
                    SpecErrors.WrongType, node.At,
                    $"'{name}' must be {Wanted(kinds)}: a path or ${{{{ stages.<id>.outputs.<name> }}}}; found {Expected.Found(node)}.");
                return null;
        }
    }

    private StageInput? FromHub(string text, Position at, string name, IReadOnlyList<string> kinds)
    {
        if (HubReference.Read(text) is not { } reference)
            problems.Add(
                SpecErrors.WrongValue, at,
                $"'{text}' must be {HubReference.Form}: the commit with all its 40 digits, so that tomorrow it is the same {HubReference.KindOf(text)}.");
        else if (kinds.Count > 0 && !kinds.Contains(reference.Kind))
            problems.Add(SpecErrors.WrongArtifact, at, $"'{name}' takes {Wanted(kinds)}, but '{text}' is {Article(reference.Kind)}.");
        else
            return new StageInput(reference.Kind, Stage: fetches.StageOf(reference, at), Output: reference.Kind);
        return null;
    }

    private StageInput? FromStage(OutputNode node, string name, IReadOnlyList<string> kinds)
    {
        if (!outputs.TryGetValue(node.Stage, out var made))
            problems.Add(
                SpecErrors.UnknownReference, node.At,
                $"There is no stage '{node.Stage}'; {DidYouMean.Or("the stages", node.Stage, outputs.Keys)}");
        else if (made is null)
            return null;
        else if (!made.TryGetValue(node.Output, out var kind))
            problems.Add(
                SpecErrors.UnknownReference, node.At,
                $"Stage '{node.Stage}' has no output '{node.Output}'; {DidYouMean.Or("it makes", node.Output, made.Keys)}");
        else if (kinds.Count > 0 && !kinds.Contains(kind))
            problems.Add(
                SpecErrors.WrongArtifact, node.At,
                $"'{name}' takes {Wanted(kinds)}, but output '{node.Output}' of stage '{node.Stage}' is {Article(kind)}.{Fitting(node.Stage, made, kinds)}");
        else
            return Picked(node, kind);
        return null;
    }

    private StageInput? Picked(OutputNode node, string kind)
    {
        var all = instances[node.Stage];
        if (!HasMatrix(node.Stage))
        {
            if (node.Pick is null) return new StageInput(kind, Stage: node.Stage, Output: node.Output);
            problems.Add(
                SpecErrors.UnknownReference, node.At,
                $"Stage '{node.Stage}' has no matrix; write stages.{node.Stage}.outputs.{node.Output}.");
            return null;
        }
        if (node.Pick is BestPick best)
            return new StageInput(kind, Output: node.Output, Best: new BestOf(best.Metric, best.Mode, [.. all.Select(one => one.Name)]));
        if (node.Pick is InstancePick pick && all.FirstOrDefault(one => one.Is(pick)) is { } instance)
            return new StageInput(kind, Stage: instance.Name, Output: node.Output);
        problems.Add(
            SpecErrors.UnknownReference, node.At,
            (node.Pick is null ? $"Stage '{node.Stage}' has several instances" : $"Stage '{node.Stage}' has no such instance")
            + $"; write stages.{all[0].Name}.outputs.{node.Output} or stages.{node.Stage}.best('<metric>').outputs.{node.Output}, or name it where a list is taken. "
            + $"The instances: {string.Join(", ", all.Select(one => one.Name))}.");
        return null;
    }

    private bool HasMatrix(string stage) => instances.GetValueOrDefault(stage) is [{ Values: not null }, ..];

    private StageInput? FromPath(string path, Position at, IReadOnlyList<string> kinds)
    {
        var absolute = Path.GetFullPath(path, at.Source.Folder);
        if (!checkPaths || Path.Exists(absolute)) return new StageInput(kinds.FirstOrDefault(ArtifactKind.File), Path: absolute);

        var meant = path.Split('.') is ["stages", _, "outputs", _] ? $" Did you mean ${{{{ {path} }}}}?"
            : Neighbours.Near(absolute) is { } near ? $" Did you mean '{near}'?"
            : "";
        problems.Add(SpecErrors.PathNotFound, at, $"There is nothing at '{path}', that is {absolute}.{meant}");
        return null;
    }

    private static string Fitting(string stage, IReadOnlyDictionary<string, string> made, IReadOnlyList<string> kinds) =>
        made.Where(output => kinds.Contains(output.Value)).Select(output => $"'{output.Key}'").ToArray() is { Length: > 0 } fitting
            ? $" Of that stage {string.Join(", ", fitting)} would fit."
            : $" '{stage}' makes none.";

    /// <summary>The kinds in words: <c>a tokenizer or a model</c>.</summary>
    public static string Wanted(IReadOnlyList<string> kinds) =>
        kinds.Count == 0 ? "an artifact" : string.Join(" or ", kinds.Select(Article));

    private static string Article(string kind) => $"{(kind[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an" : "a")} {kind}";
}
