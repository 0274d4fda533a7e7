using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Loading;

/// <summary>The edges between stages: from inputs and from <c>needs</c>. Finds circles and puts the stages in order.</summary>
internal sealed class StageGraph(IReadOnlyList<StageDraft> drafts, Problems problems)
{
    private readonly Dictionary<string, int> _place = drafts.Index().ToDictionary(draft => draft.Item.Stage.Instance, draft => draft.Index);

    /// <summary>Every stage after those it needs; among those that could be next, the first in the file.</summary>
    public IReadOnlyList<ResolvedStage> Sorted()
    {
        var needs = drafts.ToDictionary(draft => draft.Stage.Instance, NeedsOf);
        var sorted = new List<ResolvedStage>();
        var left = drafts.ToList();
        while (left.Count > 0)
        {
            var next = left.Find(draft => needs[draft.Stage.Instance].All(need => left.TrueForAll(other => other.Stage.Instance != need)));
            if (next is null)
            {
                var circle = Circle(left, needs);
                Report(circle);
                left.RemoveAll(draft => circle.Contains(draft.Stage.Instance));
                continue;
            }
            sorted.Add(next.Stage with { Needs = needs[next.Stage.Instance] });
            left.Remove(next);
        }
        return sorted;
    }

    private IReadOnlyList<string> NeedsOf(StageDraft draft)
    {
        foreach (var (id, at) in draft.Needs)
            if (Instances(id).Count == 0)
                problems.Add(
                    SpecErrors.UnknownStage, at,
                    $"There is no stage '{id}'; {DidYouMean.Or("the stages", id, drafts.Select(other => other.Stage.Id).Distinct())}");
        return [.. draft.Stage.Inputs.Values.SelectMany(input => input.Makers)
            .Concat(draft.Needs.SelectMany(need => Instances(need.Id)))
            .Where(_place.ContainsKey)
            .Distinct()
            .OrderBy(id => _place[id])];
    }

    /// <summary>What an id under <c>needs</c> means: an instance of that name, or all of a stage.</summary>
    private List<string> Instances(string id) => _place.ContainsKey(id)
        ? [id]
        : [.. drafts.Where(draft => draft.Stage.Id == id).Select(draft => draft.Stage.Instance)];

    /// <summary>
    /// Stages that need each other. Each of <paramref name="left"/> needs another of them, so following the needs must
    /// come back.
    /// </summary>
    private static List<string> Circle(List<StageDraft> left, Dictionary<string, IReadOnlyList<string>> needs)
    {
        var way = new List<string>();
        var at = left[0].Stage.Instance;
        while (!way.Contains(at))
        {
            way.Add(at);
            at = needs[at].First(need => left.Exists(draft => draft.Stage.Instance == need));
        }
        return way[way.IndexOf(at)..];
    }

    private void Report(List<string> circle)
    {
        var first = circle.IndexOf(circle.MinBy(id => _place[id])!);
        var round = circle[first..].Concat(circle[..first]).Append(circle[first]);
        problems.Add(SpecErrors.Cycle, drafts[_place[circle[first]]].At,
            $"Stages need each other in a circle: {string.Join(" needs ", round.Select(id => $"'{id}'"))}. Remove one of these inputs or 'needs'.");
    }
}
