using System.Text.Json.Nodes;
using Pipeline.Spec.Expressions;
using Pipeline.Spec.Resolved;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Loading;

/// <summary>A stage of the file, or one instance of it where it has a matrix; expressions are replaced.</summary>
/// <param name="Name">Its id with its matrix values.</param>
/// <param name="Entry">Its entry under <c>stages</c>.</param>
/// <param name="Values">Its matrix values by name; null without a matrix.</param>
internal sealed record StageInstance(string Name, Entry Entry, IReadOnlyDictionary<string, ScalarNode>? Values = null)
{
    /// <summary>Its id in the file.</summary>
    public string Id => Entry.Key;

    /// <summary>Whether the pick names this instance.</summary>
    public bool Is(InstancePick pick) =>
        Values is not null && Values.Count == pick.Values.Count
        && Values.All(value => pick.Values.GetValueOrDefault(value.Key) == StagePick.Text(value.Value.Value));

    /// <summary>Its values as JSON.</summary>
    public JsonObject Json() => new((Values ?? new Dictionary<string, ScalarNode>())
        .Select(value => KeyValuePair.Create(value.Key, FreeJson.Of(value.Value))));

    /// <summary>What makes it one of several, in the words of its strategy; null without a matrix.</summary>
    public MatrixMember? Member(Written.StrategySpec? strategy) =>
        Values is null ? null : new MatrixMember(Json(), strategy?.MaxParallel, strategy?.FailFast ?? true);
}
