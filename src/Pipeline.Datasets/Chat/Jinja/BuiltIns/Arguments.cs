namespace Pipeline.Datasets.Chat.Jinja.BuiltIns;

/// <summary>What a call passes, taken by position or by name; what nobody takes is an error and not ignored.</summary>
/// <param name="callee">What is called, for errors.</param>
/// <param name="at">Where.</param>
/// <param name="budget">What the rendering may still do.</param>
/// <param name="positional">Values without a name.</param>
/// <param name="named">Values with a name.</param>
internal sealed class Arguments(
    string callee, Position at, Budget budget, IReadOnlyList<object?> positional, Dictionary<string, object?> named)
{
    private int _taken;

    public Position At => at;

    public Budget Budget => budget;

    public object? Take(string name) => TryTake(name, out var value) ? value : throw Wrong($"needs the argument '{name}'");

    public object? TakeOr(string name, object? otherwise) => TryTake(name, out var value) ? value : otherwise;

    public string Text(string name) => Take(name) is var value && value is string text ? text : throw Wrong($"wants text for '{name}', not {Values.Describe(value)}");

    public string? OptionalText(string name) => TakeOr(name, null) switch
    {
        null => null,
        string text => text,
        var other => throw Wrong($"wants text for '{name}', not {Values.Describe(other)}"),
    };

    public long? OptionalInteger(string name) => TakeOr(name, null) switch
    {
        null => null,
        long number => number,
        var other => throw Wrong($"wants an integer for '{name}', not {Values.Describe(other)}"),
    };

    /// <summary>A value known by its name only, whatever its place would be.</summary>
    public object? Named(string name) => named.Remove(name, out var value) ? value : null;

    /// <summary>All values without a name that are left.</summary>
    public IReadOnlyList<object?> Rest()
    {
        var rest = positional.Skip(_taken).ToList();
        _taken = positional.Count;
        return rest;
    }

    /// <summary>All values with a name that are left.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> AllNamed()
    {
        var all = named.ToList();
        named.Clear();
        return all;
    }

    public void Done()
    {
        if (_taken < positional.Count) throw Wrong($"takes no argument {Values.Describe(positional[_taken])} at place {_taken + 1}");
        if (named.Count > 0) throw Wrong($"takes no argument '{named.First().Key}'");
    }

    public DatasetException Wrong(string message) => at.RenderError($"{callee} {message}.");

    private bool TryTake(string name, out object? value)
    {
        if (named.Remove(name, out value)) return true;
        value = _taken < positional.Count ? positional[_taken] : null;
        return _taken < positional.Count && ++_taken > 0;
    }
}
