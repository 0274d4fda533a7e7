using System.Runtime.CompilerServices;
using Pipeline.Datasets.Chat.Jinja.BuiltIns;

namespace Pipeline.Datasets.Chat.Jinja;

/// <content>The value of an expression.</content>
internal sealed partial class Evaluator
{
    private object? Value(Expression expression)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        _budget.Step(expression.At);
        return expression switch
        {
            Literal literal => literal.Value,
            Variable variable => Find(variable.Name),
            Access access => Member(access),
            Slice slice => Cut(slice),
            Not not => !Values.IsTrue(Value(not.Operand)),
            Negative negative => Operators.Arithmetic("-", 0L, Value(negative.Operand), negative.At),
            Binary binary => Combine(binary),
            Comparison comparison => Compare(comparison),
            Conditional choice => Values.IsTrue(Value(choice.Condition)) ? Value(choice.Then)
                : choice.Otherwise is { } otherwise ? Value(otherwise) : Values.Omitted,
            ListLiteral list => list.Items.Select(Value).ToList(),
            DictionaryLiteral fields => fields.Entries.ToDictionary(entry => Key(entry.Key), entry => Value(entry.Value)),
            FilterCall filter => Applied(filter),
            TestCall test => Tested(test),
            MethodCall method => Call(method),
            FunctionCall function => Call(function),
            _ => throw new InvalidOperationException($"No evaluation for {expression.GetType().Name}."),
        };
    }

    /// <summary>A variable, or else a function of that name, which a template may ask whether it is defined.</summary>
    private object? Find(string name) =>
        _scope.Find(name) is var value && value is Undefined && Functions.All.TryGetValue(name, out var function) ? function : value;

    private object? Member(Access access)
    {
        var target = Value(access.Target);
        var key = Value(access.Key);
        switch (target, key)
        {
            case (IReadOnlyDictionary<string, object?> fields, string name):
                if (access.IsDot && ObjectMethods.Shadowing.Contains(name))
                    throw access.At.RenderError($".{name} is a method of every object; write ['{name}'] for the member.");
                return fields.TryGetValue(name, out var value) ? value : Values.Undefined;
            case (Namespace space, string name):
                return space.Members.TryGetValue(name, out var member) ? member : Values.Undefined;
            case (LoopState loop, string name):
                return loop.Member(name);
            case (IReadOnlyList<object?> or string, long index):
                var items = target as IReadOnlyList<object?> ?? PythonText.Characters((string)target!);
                var at = index < 0 ? index + items.Count : index;
                return at >= 0 && at < items.Count ? items[(int)at] : Values.Undefined;
            default:
                throw access.At.RenderError($"{Values.Describe(target)} has no member {Values.Describe(key)}.");
        }
    }

    /// <summary>Python's <c>[start:stop:step]</c>: ends that are out of range are moved to the end, negative ones count from it.</summary>
    private object Cut(Slice slice)
    {
        var target = Value(slice.Target);
        var items = target is string text ? PythonText.Characters(text) : target as IReadOnlyList<object?>
            ?? throw slice.At.RenderError($"{Values.Describe(target)} cannot be sliced.");
        var step = Bound(slice.Step) ?? 1;
        if (step == 0) throw slice.At.RenderError("a slice cannot step by 0.");
        var (lowest, highest) = step > 0 ? (0L, items.Count) : (-1L, items.Count - 1L);
        var start = Placed(Bound(slice.Start), step > 0 ? lowest : highest);
        var stop = Placed(Bound(slice.Stop), step > 0 ? highest : lowest);
        var cut = new List<object?>();
        for (var at = start; step > 0 ? at < stop : at > stop; at += step) cut.Add(items[(int)at]);
        _budget.Make(items.Count, slice.At);
        return target is string ? string.Concat(cut) : cut;

        long? Bound(Expression? bound) => bound is null ? null : Value(bound) switch
        {
            null => null,
            long number => number,
            var other => throw slice.At.RenderError($"{Values.Describe(other)} is no place to slice at."),
        };

        long Placed(long? given, long otherwise) =>
            given is { } place ? Math.Clamp(place < 0 ? place + items.Count : place, lowest, highest) : otherwise;
    }

    private object? Combine(Binary binary)
    {
        var left = Value(binary.Left);
        if (binary.Operator == "and") return Values.IsTrue(left) ? Value(binary.Right) : left; // Python's: the operand, not its truth
        if (binary.Operator == "or") return Values.IsTrue(left) ? left : Value(binary.Right);
        var right = Value(binary.Right);
        var combined = binary.Operator == "~"
            ? Values.Print(left, binary.Left.At) + Values.Print(right, binary.Right.At)
            : Operators.Arithmetic(binary.Operator, left, right, binary.At);
        _budget.Make(combined switch { string text => text.Length, IReadOnlyList<object?> list => 16L * list.Count, _ => 0 }, binary.At);
        return combined;
    }

    private bool Compare(Comparison comparison)
    {
        var left = Value(comparison.First);
        foreach (var (sign, operand, at) in comparison.Rest)
        {
            var right = Value(operand);
            if (sign == "not in" ? Operators.Compare("in", left, right, at) : !Operators.Compare(sign, left, right, at)) return false;
            left = right;
        }
        return true;
    }

    private string Key(Expression key) => Value(key) is var value && value is string name
        ? name : throw key.At.RenderError($"the keys of an object are texts here, not {Values.Describe(value)}.");

    private object? Applied(FilterCall filter)
    {
        var value = Value(filter.Value);
        var arguments = Evaluated(filter.Arguments, $"The filter '{filter.Name}'", filter.At);
        return Done(Filters.All[filter.Name](value, arguments), arguments);
    }

    private object? Tested(TestCall test)
    {
        var value = Value(test.Value);
        var arguments = Evaluated(test.Arguments, $"The test '{test.Name}'", test.At);
        return Done(Tests.All[test.Name](value, arguments), arguments);
    }

    private object? Call(MethodCall call)
    {
        var target = Value(call.Target);
        var arguments = Evaluated(call.Arguments, $"The method '{call.Name}'", call.At);
        var result = target switch
        {
            string text when TextMethods.All.TryGetValue(call.Name, out var method) => method(text, arguments),
            IReadOnlyDictionary<string, object?> fields when ObjectMethods.All.TryGetValue(call.Name, out var method) => method(fields, arguments),
            _ => throw call.At.RenderError($"{Values.Describe(target)} has no method '{call.Name}'."),
        };
        return Done(result, arguments);
    }

    private object? Call(FunctionCall call)
    {
        if (_scope.Find(call.Name) is Macro macro) return Call(macro, call.Arguments, call.At);
        if (!Functions.All.TryGetValue(call.Name, out var function)) throw call.At.RenderError($"the macro '{call.Name}' is not defined here.");
        var arguments = Evaluated(call.Arguments, $"The function '{call.Name}'", call.At);
        return Done(function(arguments, _clock), arguments);
    }

    private Arguments Evaluated(CallArguments arguments, string callee, Position at) => new(
        callee, at, _budget, [.. arguments.Positional.Select(Value)],
        arguments.Named.ToDictionary(argument => argument.Name, argument => Value(argument.Value)));

    private static object? Done(object? result, Arguments arguments)
    {
        arguments.Done();
        return result;
    }
}
