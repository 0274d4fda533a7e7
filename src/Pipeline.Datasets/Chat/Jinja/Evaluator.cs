using System.Collections;
using System.Text;

namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>
/// Renders a tree. Values are strings, long, bool, null, lists and dictionaries, with Python's truth and printing.
/// One departure from Jinja, on purpose: a variable nobody defined may be tested, but not written, where Jinja would
/// write nothing and so hide a misspelt name.
/// </summary>
internal sealed class Evaluator
{
    private static readonly object s_undefined = new();

    private readonly StringBuilder _output = new();
    private Scope _scope;

    private Evaluator(Scope scope) => _scope = scope;

    public static string Render(IReadOnlyList<Node> nodes, Dictionary<string, object?> variables)
    {
        var evaluator = new Evaluator(new Scope(variables, null));
        evaluator.Run(nodes);
        return evaluator._output.ToString();
    }

    private void Run(IReadOnlyList<Node> nodes)
    {
        foreach (var node in nodes)
            switch (node)
            {
                case TextNode text: _output.Append(text.Text); break;
                case OutputNode output: _output.Append(Print(output.Value)); break;
                case SetNode set: _scope.Variables[set.Name] = Value(set.Value); break;
                case IfNode choice:
                    foreach (var (condition, body) in choice.Branches)
                        if (IsTrue(Value(condition)))
                        {
                            Run(body);
                            break;
                        }
                    break;
                case ForNode loop: RunLoop(loop); break;
            }
    }

    /// <summary>A loop's body has a scope of its own, so a <c>set</c> inside ends with the iteration, as in Jinja.</summary>
    private void RunLoop(ForNode loop)
    {
        if (Value(loop.List) is not IList items) throw loop.List.At.RenderError("only a list can be looped over.");
        var outer = _scope;
        for (var index = 0; index < items.Count; index++)
        {
            var state = new Dictionary<string, object?>
            {
                ["index0"] = (long)index,
                ["index"] = index + 1L,
                ["first"] = index == 0,
                ["last"] = index == items.Count - 1,
                ["length"] = (long)items.Count,
            };
            _scope = new Scope(new() { [loop.Name] = items[index], ["loop"] = state }, outer);
            Run(loop.Body);
        }
        _scope = outer;
    }

    private object? Value(Expression expression) => expression switch
    {
        Literal literal => literal.Value,
        Variable variable => _scope.Find(variable.Name, out var value) ? value : s_undefined,
        Access access => Member(access),
        Not not => !IsTrue(Value(not.Operand)),
        TrimFilter trim => Print(trim.Value).Trim(),
        RaiseException raise => throw raise.At.RenderError(Print(raise.Message)),
        Binary binary => Combine(binary),
        _ => throw new InvalidOperationException($"No evaluation for {expression.GetType().Name}."),
    };

    private object? Member(Access access)
    {
        var target = Value(access.Target);
        var key = Value(access.Key);
        switch (target, key)
        {
            case (IReadOnlyDictionary<string, object?> fields, string name):
                return fields.TryGetValue(name, out var value) ? value : s_undefined;
            case (IList list, long index):
                var at = index < 0 ? index + list.Count : index;
                return at >= 0 && at < list.Count ? list[(int)at] : s_undefined;
            default:
                throw access.At.RenderError($"{Describe(target)} has no member {Describe(key)}.");
        }
    }

    private object? Combine(Binary binary)
    {
        var left = Value(binary.Left);
        if (binary.Operator == "and") return IsTrue(left) ? Value(binary.Right) : left; // Python's: the operand, not its truth
        if (binary.Operator == "or") return IsTrue(left) ? left : Value(binary.Right);
        if (binary.Operator == "~") return Print(binary.Left) + Print(binary.Right);
        var right = Value(binary.Right);
        return (binary.Operator, left, right) switch
        {
            ("==", _, _) => Equals(left, right),
            ("!=", _, _) => !Equals(left, right),
            ("in", string part, string whole) => whole.Contains(part, StringComparison.Ordinal),
            ("in", string key, IReadOnlyDictionary<string, object?> fields) => fields.ContainsKey(key),
            ("in", _, IList list) => list.Contains(left),
            ("+", string first, string second) => first + second,
            ("+", long first, long second) => first + second,
            _ => throw binary.At.RenderError(
                $"'{binary.Operator}' between {Describe(left)} and {Describe(right)} is not possible."),
        };
    }

    private string Print(Expression expression) => Value(expression) switch
    {
        string text => text,
        long number => number.ToString(),
        bool flag => flag ? "True" : "False",
        null => "None",
        var other => throw expression.At.RenderError($"{Describe(other)} cannot be written; only text and numbers can."),
    };

    private static bool IsTrue(object? value) => value switch
    {
        null => false,
        bool flag => flag,
        string text => text.Length > 0,
        long number => number != 0,
        ICollection collection => collection.Count > 0,
        _ => value != s_undefined,
    };

    private static string Describe(object? value) => value switch
    {
        string text => $"'{text}'",
        null => "none",
        IList => "a list",
        IReadOnlyDictionary<string, object?> fields => $"an object with {string.Join(", ", fields.Keys)}",
        _ => value == s_undefined ? "an undefined value" : value.ToString()!,
    };

    private sealed record Scope(Dictionary<string, object?> Variables, Scope? Outer)
    {
        public bool Find(string name, out object? value) =>
            Variables.TryGetValue(name, out value) || Outer?.Find(name, out value) == true;
    }
}
