using System.Text.Json.Nodes;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using Pipeline.Spec.Written;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>Reads <c>claims</c>: the stages they are about, an expectation for every combination of matrix values.</summary>
internal sealed class ClaimReader(IReadOnlyDictionary<string, IReadOnlyList<StageInstance>> instances, Problems problems)
{
    /// <summary>The claims, as far as they could be read.</summary>
    /// <param name="root">The file.</param>
    /// <param name="claims">The same as records.</param>
    public IReadOnlyList<Claim> Read(MapNode root, IReadOnlyList<ClaimSpec>? claims)
    {
        if (root.Find("claims")?.Value is not ListNode written || claims is null || written.Items.Count != claims.Count) return [];
        return [.. written.Items.OfType<MapNode>().Zip(claims, Claim)];
    }

    private Claim Claim(MapNode map, ClaimSpec spec)
    {
        var expectations = (map.Find("expect")?.Value as ListNode)?.Items.OfType<MapNode>().ToList() ?? [];
        return new Claim(spec.Claim ?? "", [.. expectations.Zip(spec.Expect, Expectation).OfType<Expectation>()]);
    }

    private Expectation? Expectation(MapNode map, ExpectationSpec spec)
    {
        if (spec is not { Metric: { } metric, Op: { } op, Value: { } value } || Instances(map, "stage") is not { } stages) return null;
        if (op is Comparison.Equal or Comparison.NotEqual)
            problems.Add(
                SpecErrors.WrongValue, map.Find("op")!.Value.At,
                $"No measurement shows '{op.Sign()}'. A claim expects a number above or below a bound: use <, <=, > or >=.");
        if (spec.Against is null) return new Expectation(metric, op, value, [.. stages.Select(stage => new ClaimCase(stage.Name, null))]);
        if (Instances(map, "against") is not { } others) return null;
        var cases = stages.Select(stage => (Stage: stage, Against: Partner(stage, others))).ToList();
        if (cases.Find(one => one.Against is null) is { Stage: { } alone })
        {
            problems.Add(
                SpecErrors.WrongValue, map.Find("against")!.Value.At,
                $"'{spec.Against}' has several instances, and none with the values of {alone.Name}. Give both the same matrix.");
            return null;
        }
        return new Expectation(metric, op, value, [.. cases.Select(one => new ClaimCase(one.Stage.Name, one.Against!.Name))]);
    }

    /// <summary>One instance is compared with all; of several the values decide.</summary>
    private static StageInstance? Partner(StageInstance stage, IReadOnlyList<StageInstance> others) =>
        others is [var only] ? only : others.FirstOrDefault(other => JsonNode.DeepEquals(other.Json(), stage.Json()));

    private IReadOnlyList<StageInstance>? Instances(MapNode map, string key)
    {
        if (map.Find(key)?.Value is not ScalarNode { Value: string id } node) return null;
        if (instances.TryGetValue(id, out var found)) return found.Count == 0 ? null : found; // why there are none has been told
        if (instances.Values.SelectMany(same => same).FirstOrDefault(instance => instance.Name == id) is { } named) return [named];
        problems.Add(
            SpecErrors.UnknownStage, node.At,
            $"There is no stage '{id}'; {DidYouMean.Or("the stages", id, instances.Keys)}");
        return null;
    }
}
