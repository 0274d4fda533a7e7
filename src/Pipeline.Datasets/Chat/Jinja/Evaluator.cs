using System.Runtime.CompilerServices;
using System.Text;

namespace Pipeline.Datasets.Chat.Jinja;

/// <summary>
/// Renders a tree. Attributes are those of objects, namespaces and loops, methods those of a list, so a template reaches
/// nothing of the program. One departure from Jinja, on purpose: see <see cref="Values.Print"/>.
/// </summary>
internal sealed partial class Evaluator
{
    private readonly TimeProvider _clock;
    private readonly Budget _budget = new();
    private StringBuilder _output = new();
    private Scope _scope;

    private Evaluator(Scope scope, TimeProvider clock) => (_scope, _clock) = (scope, clock);

    /// <exception cref="DatasetException">The template refuses, computes something impossible, or takes too long.</exception>
    public static string Render(IReadOnlyList<Node> nodes, Dictionary<string, object?> variables, TimeProvider clock)
    {
        var evaluator = new Evaluator(new Scope(variables, null), clock);
        try { evaluator.Run(nodes); }
        catch (InsufficientExecutionStackException error)
        {
            throw new DatasetException(DatasetErrors.TemplateRender, "The chat template calls its macros within each other too deeply.", error);
        }
        return evaluator._output.ToString();
    }

    private Flow Run(IReadOnlyList<Node> nodes)
    {
        foreach (var node in nodes)
        {
            var flow = Run(node);
            if (flow != Flow.Next) return flow;
        }
        return Flow.Next;
    }

    private Flow Run(Node node)
    {
        switch (node)
        {
            case TextNode text:
                _output.Append(text.Text);
                return Flow.Next;
            case OutputNode output:
                var written = Values.Print(Value(output.Value), output.Value.At);
                _budget.Make(written.Length, output.Value.At);
                _output.Append(written);
                return Flow.Next;
            case SetNode set:
                Assign(_scope.Variables, set.Names, Value(set.Value), set.Value.At);
                return Flow.Next;
            case SetMemberNode set:
                if (_scope.Find(set.Name) is not Namespace target) throw set.At.RenderError($"'{set.Name}' is not a namespace; only those have members that can be set.");
                target.Members[set.Member] = Value(set.Value);
                return Flow.Next;
            case SetBlockNode set:
                _scope.Variables[set.Name] = Written(set.Body, []);
                return Flow.Next;
            case MacroNode macro:
                _scope.Variables[macro.Name] = new Macro(macro, _scope);
                return Flow.Next;
            case GenerationNode generation:
                _output.Append(Written(generation.Body, []));
                return Flow.Next;
            case IfNode choice: return RunBranch(choice);
            case ForNode loop: return RunLoop(loop);
            case LeaveNode leave: return leave.Flow;
            default: throw new InvalidOperationException($"No rendering for {node.GetType().Name}.");
        }
    }

    private Flow RunBranch(IfNode choice)
    {
        foreach (var (condition, body) in choice.Branches)
            if (Values.IsTrue(Value(condition))) return Run(body);
        return Flow.Next;
    }

    /// <summary>A loop's body has a scope of its own, so a <c>set</c> inside ends with the iteration, as in Jinja.</summary>
    private Flow RunLoop(ForNode loop)
    {
        var items = Values.Items(Value(loop.List)) ?? throw loop.List.At.RenderError("only a list or an object can be looped over.");
        var outer = _scope;
        if (loop.Condition is { } condition) items = [.. items.Where(item => Values.IsTrue(Within(item, condition)))];
        var state = new LoopState(items);
        var any = false; // whether an iteration came to its end: Jinja's else does not count those that were left
        for (; state.Index < items.Count; state.Index++)
        {
            _budget.Step(loop.List.At);
            _scope = ScopeOf(items[state.Index]);
            _scope.Variables["loop"] = state;
            var flow = Run(loop.Body);
            if (flow == Flow.Break) break;
            any |= flow == Flow.Next;
        }
        _scope = outer;
        return !any ? Run(loop.Else) : Flow.Next;

        Scope ScopeOf(object? item)
        {
            var variables = new Dictionary<string, object?>();
            Assign(variables, loop.Names, item, loop.List.At);
            return new Scope(variables, outer);
        }

        object? Within(object? item, Expression expression)
        {
            _scope = ScopeOf(item);
            var value = Value(expression);
            _scope = outer;
            return value;
        }
    }

    private static void Assign(Dictionary<string, object?> variables, IReadOnlyList<string> names, object? value, Position at)
    {
        if (names is [var only]) variables[only] = value;
        else if (value is IReadOnlyList<object?> values && values.Count == names.Count)
            foreach (var (name, part) in names.Zip(values)) variables[name] = part;
        else throw at.RenderError($"{names.Count} names are given to {Values.Describe(value)}.");
    }

    /// <summary>What a body writes, as a value; its scope ends with it.</summary>
    private string Written(IReadOnlyList<Node> body, Dictionary<string, object?> variables, Scope? around = null)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var (output, scope) = (_output, _scope);
        (_output, _scope) = (new StringBuilder(), new Scope(variables, around ?? scope));
        Run(body);
        var text = _output.ToString();
        (_output, _scope) = (output, scope);
        return text;
    }

    private string Call(Macro macro, CallArguments call, Position at)
    {
        var arguments = Evaluated(call, $"The macro '{macro.Node.Name}'", at);
        var variables = new Dictionary<string, object?>();
        var caller = _scope;
        _scope = new Scope(variables, macro.Scope); // where the defaults are evaluated
        foreach (var (name, otherwise) in macro.Node.Parameters)
        {
            var given = arguments.TakeOr(name, Values.Undefined);
            variables[name] = given is Undefined && otherwise is not null ? Value(otherwise) : given;
        }
        _scope = caller;
        arguments.Done();
        return Written(macro.Node.Body, variables, macro.Scope);
    }
}
