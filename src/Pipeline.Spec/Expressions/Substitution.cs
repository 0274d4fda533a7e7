using System.Globalization;
using System.Text;
using Pipeline.Spec.Loading;
using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Expressions;

/// <summary>
/// Replaces every <c>${{ }}</c> below a node. A whole-value expression keeps its type; inside a longer text it becomes
/// part of the text.
/// </summary>
internal sealed class Substitution(Scope scope, Problems problems)
{
    /// <summary>The node with its expressions replaced.</summary>
    public Node In(Node node) => node switch
    {
        ScalarNode { Value: string text } when ExpressionText.In(text) => InText(node.At, text),
        ListNode list => new ListNode(list.At, [.. list.Items.Select(In)]),
        MapNode map => InMap(map),
        _ => node,
    };

    /// <summary>The mapping with its expressions replaced.</summary>
    public MapNode InMap(MapNode map) => new(map.At, [.. map.Entries.Select(entry => entry with { Value = In(entry.Value) })]);

    private Node InText(Position at, string text)
    {
        if (ExpressionText.Split(text) is not { } pieces)
            return Refuse(
                at, SpecErrors.Expression,
                "'${{' is not closed by '}}'.");
        if (pieces is [{ IsExpression: true } whole]) return Resolve(whole.Text, at);

        var joined = new StringBuilder();
        var late = new List<Reference>();
        foreach (var piece in pieces)
        {
            if (!piece.IsExpression) { joined.Append(piece.Text); continue; }
            switch (Resolve(piece.Text, at))
            {
                case ScalarNode { Value: var value }: joined.Append(Text(value)); break;
                case LateTextNode later: joined.Append(later.Text); late.AddRange(later.References); break;
                case OutputNode:
                    return Refuse(at, SpecErrors.MisplacedReference, "An output of a stage must be the whole value, not part of a text.");
                default: return new BrokenNode(at);
            }
        }
        return late.Count == 0
            ? new ScalarNode(at, joined.ToString(), joined.ToString(), text)
            : new LateTextNode(at, joined.ToString(), late);
    }

    private Node Resolve(string inside, Position at)
    {
        var (reference, code, message) = Reference.Parse(inside);
        return reference is null ? Refuse(at, code, message) : scope.Resolve(reference, at, problems);
    }

    private BrokenNode Refuse(Position at, string code, string message)
    {
        problems.Add(code, at, message);
        return new BrokenNode(at);
    }

    private static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
