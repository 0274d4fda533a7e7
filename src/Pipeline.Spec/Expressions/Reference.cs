namespace Pipeline.Spec.Expressions;

/// <summary>What stands inside <c>${{ }}</c>: names joined by points, such as <c>stages.sft.outputs.model</c>.</summary>
/// <param name="Names">The names; at least one.</param>
internal sealed record Reference(IReadOnlyList<string> Names)
{
    /// <summary>The first name, which says what is referred to.</summary>
    public string Root => Names[0];

    /// <summary>As it stands in the file, without the braces.</summary>
    public override string ToString() => string.Join('.', Names);

    /// <summary>Reads the inside of <c>${{ }}</c>; an error code and a message if it is not a reference.</summary>
    public static (Reference? Reference, string Code, string Message) Parse(string inside)
    {
        var text = inside.Trim();
        if (text.Length == 0) return (null, SpecErrors.Expression, "'${{ }}' is empty. It holds a reference such as params.seed.");
        var names = text.Split('.');
        if (Array.TrueForAll(names, IsName)) return (new Reference(names), "", "");
        return IsLaterForm(text)
            ? (null, SpecErrors.NotSupported,
                $"'{text}' is not supported yet: of another stage only its outputs can be used, as in stages.sft.outputs.model.")
            : (null, SpecErrors.Expression,
                $"'{text}' is not a reference. An expression names one thing, such as params.seed or "
                + "stages.sft.outputs.model; it has no operators and no functions.");
    }

    // stages.x.metrics['eval/pass@1'], stages.x[seed=1].outputs.model, stages.x.best('eval/pass@1').outputs.model
    private static bool IsLaterForm(string text) =>
        text.StartsWith("stages.", StringComparison.Ordinal)
        && (text.Contains(".metrics[", StringComparison.Ordinal)
            || text.Contains(".best(", StringComparison.Ordinal)
            || text.Contains('='));

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}
