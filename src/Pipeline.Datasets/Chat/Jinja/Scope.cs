namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>Variables of a block, and of what lies around it.</summary>
internal sealed record Scope(Dictionary<string, object?> Variables, Scope? Outer)
{
    public object? Find(string name) => Variables.TryGetValue(name, out var value) ? value : Outer is null ? Values.Undefined : Outer.Find(name);
}

/// <summary>A <c>macro</c>, and the scope its free names are looked up in.</summary>
internal sealed record Macro(MacroNode Node, Scope Scope);
