namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>The one thing that a <c>set</c> inside a loop can change outside of it.</summary>
internal sealed class Namespace(IEnumerable<KeyValuePair<string, object?>> members)
{
    public Dictionary<string, object?> Members { get; } = new(members);
}
