namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>What a template knows as <c>loop</c>.</summary>
/// <param name="items">Everything that is looped over.</param>
internal sealed class LoopState(IReadOnlyList<object?> items)
{
    /// <summary>Iterations before this one.</summary>
    public int Index { get; set; }

    public object? Member(string name) => name switch
    {
        "index0" => (long)Index,
        "index" => Index + 1L,
        "revindex0" => items.Count - 1L - Index,
        "revindex" => (long)items.Count - Index,
        "first" => Index == 0,
        "last" => Index == items.Count - 1,
        "length" => (long)items.Count,
        "previtem" => Index > 0 ? items[Index - 1] : Values.Undefined,
        "nextitem" => Index < items.Count - 1 ? items[Index + 1] : Values.Undefined,
        _ => Values.Undefined,
    };
}
