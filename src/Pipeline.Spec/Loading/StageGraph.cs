using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Loading;

/// <summary>The edges between stages: from inputs and from <c>needs</c>. Finds circles and puts the stages in order.</summary>
internal sealed class StageGraph(IReadOnlyList<StageDraft> drafts, Problems problems)
{
    private readonly Dictionary<string, int> _place = drafts.Index().ToDictionary(draft => draft.Item.Stage.Id, draft => draft.Index);

    /// <summary>Every stage after those it needs; among those that could be next, the first in the file.</summary>
    public IReadOnlyList<ResolvedStage> Sorted()
    {
        var needs = drafts.ToDictionary(draft => draft.Stage.Id, NeedsOf);
        var sorted = new List<ResolvedStage>();
        var left = drafts.ToList();
        while (left.Count > 0)
        {
            var next = left.Find(draft => needs[draft.Stage.Id].All(need => left.TrueForAll(other => other.Stage.Id != need)));
            if (next is null)
            {
                var circle = Circle(left, needs);
                Report(circle);
                left.RemoveAll(draft => circle.Contains(draft.Stage.Id));
                continue;
            }
            sorted.Add(next.Stage with { Needs = needs[next.Stage.Id] });
            left.Remove(next);
        }
        return sorted;
    }

    private IReadOnlyList<string> NeedsOf(StageDraft draft)
    {
        foreach (var (id, at) in draft.Needs)
            if (!_place.ContainsKey(id))
                problems.Add(
                    SpecErrors.UnknownStage, at,
                    $"There is no stage '{id}'; {DidYouMean.Or("the stages", id, _place.Keys)}");
        return [.. draft.Stage.Inputs.Values.Select(input => input.Stage).OfType<string>()
            .Concat(draft.Needs.Select(need => need.Id))
            .Where(_place.ContainsKey)
            .Distinct()
            .OrderBy(id => _place[id])];
    }

    /// <summary>
    /// Stages that need each other. Each of <paramref name="left"/> needs another of them, so following the needs must
    /// come back.
    /// </summary>
    private static List<string> Circle(List<StageDraft> left, Dictionary<string, IReadOnlyList<string>> needs)
    {
        var way = new List<string>();
        var at = left[0].Stage.Id;
        while (!way.Contains(at))
        {
            way.Add(at);
            at = needs[at].First(need => left.Exists(draft => draft.Stage.Id == need));
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
