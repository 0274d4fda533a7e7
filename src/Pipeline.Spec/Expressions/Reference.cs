using Pipeline.Protocol.Jobs;

namespace Pipeline.Spec.Expressions;

/// <summary>What stands inside <c>${{ }}</c>: names joined by points, such as <c>stages.sft.outputs.model</c>.</summary>
/// <param name="Names">The names; at least one.</param>
internal sealed record Reference(IReadOnlyList<string> Names)
{
    /// <summary>The first name, which says what is referred to.</summary>
    public string Root => Names[0];

    /// <summary>Which instance of the stage that it names; null for a stage without a matrix, or all of them.</summary>
    public StagePick? Pick { get; init; }

    /// <summary>As it stands in the file, without the braces.</summary>
    public string Text { get; init; } = string.Join('.', Names);

    /// <inheritdoc/>
    public override string ToString() => Text;

    /// <summary>Reads the inside of <c>${{ }}</c>; an error code and a message if it is not a reference.</summary>
    public static (Reference? Reference, string Code, string Message) Parse(string inside)
    {
        var text = inside.Trim();
        if (text.Length == 0) return (null, SpecErrors.Expression, "'${{ }}' is empty. It holds a reference such as params.seed.");
        var names = text.Split('.');
        if (Array.TrueForAll(names, IsName)) return (new Reference(names), "", "");
        if (PickedOutput(text) is { } picked) return (picked, "", "");
        return IsLaterForm(text)
            ? (null, SpecErrors.NotSupported,
                $"'{text}' is not supported yet: of another stage only its outputs can be used, as in stages.sft.outputs.model.")
            : (null, SpecErrors.Expression,
                $"'{text}' is not a reference. An expression names one thing, such as params.seed or "
                + "stages.sft.outputs.model; it has no operators and no functions.");
    }

    // stages.x.metrics['eval/pass@1']
    private static bool IsLaterForm(string text) =>
        text.StartsWith("stages.", StringComparison.Ordinal) && text.Contains(".metrics[", StringComparison.Ordinal);

    /// <summary><c>stages.x[seed=1].outputs.y</c> or <c>stages.x.best('loss', 'min').outputs.y</c>; null if it is neither.</summary>
    private static Reference? PickedOutput(string text)
    {
        var open = text.IndexOfAny(['[', '(']);
        if (open < 0 || text.IndexOf(text[open] == '[' ? ']' : ')', open) is not (> 0 and var close)) return null;
        var (inside, head, tail) = (text[(open + 1)..close], text[..open].Split('.'), text[(close + 1)..].Split('.'));
        if (tail is not ["", "outputs", var output] || !IsName(output)) return null;
        StagePick? pick = head switch
        {
            ["stages", var id] when IsName(id) && text[open] == '[' => ByValues(inside),
            ["stages", var id, "best"] when IsName(id) && text[open] == '(' => ByMetric(inside),
            _ => null,
        };
        return pick is null ? null : new Reference(["stages", head[1], "outputs", output]) { Pick = pick, Text = text };
    }

    private static InstancePick? ByValues(string inside)
    {
        var values = new Dictionary<string, string>();
        foreach (var pair in inside.Split(','))
            if (pair.Split('=', 2, StringSplitOptions.TrimEntries) is not [var name, { Length: > 0 } value]
                || !IsName(name) || !values.TryAdd(name, value)) return null;
        return new InstancePick(values);
    }

    private static BestPick? ByMetric(string inside) => inside.Split(',', StringSplitOptions.TrimEntries) switch
    {
        [var metric] when Unquoted(metric) is { } name => new BestPick(name, BestMode.Max),
        [var metric, "'max'"] when Unquoted(metric) is { } name => new BestPick(name, BestMode.Max),
        [var metric, "'min'"] when Unquoted(metric) is { } name => new BestPick(name, BestMode.Min),
        _ => null,
    };

    private static string? Unquoted(string text) =>
        text.Length > 2 && text[0] is '\'' or '"' && text[^1] == text[0] ? text[1..^1] : null;

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
