namespace Pipeline.Datasets.Chat.Jinja.BuiltIns;

/// <summary>The filters that apply another filter or a test to each item: <c>map</c>, <c>select</c>, <c>selectattr</c> and their opposites.</summary>
internal static class Selections
{
    public static object? Map(object? value, Arguments arguments)
    {
        var items = Filters.Sequence(value, arguments);
        if (arguments.Named("attribute") is string member)
        {
            var otherwise = arguments.Named("default");
            return items.Select(item => Member(item, member) is var found && found is Undefined && otherwise is not null ? otherwise : found).ToList();
        }
        var name = arguments.Text("filter");
        if (!Filters.All.TryGetValue(name, out var filter)) throw arguments.Wrong($"knows no filter '{name}'");
        return ForEach(items, arguments, $"The filter '{name}'", filter).ToList();
    }

    public static object? Select(object? value, Arguments arguments, bool keep) =>
        Chosen(Filters.Sequence(value, arguments), item => item, arguments, keep);

    public static object? SelectByMember(object? value, Arguments arguments, bool keep)
    {
        var member = arguments.Text("attribute");
        return Chosen(Filters.Sequence(value, arguments), item => Member(item, member), arguments, keep);
    }

    /// <summary>A member of an object, or by <c>a.b</c> a member of its member.</summary>
    public static object? Member(object? item, string path) => path.Split('.').Aggregate(item, (at, name) =>
        at is IReadOnlyDictionary<string, object?> fields && fields.TryGetValue(name, out var value) ? value : Values.Undefined);

    private static List<object?> Chosen(IReadOnlyList<object?> items, Func<object?, object?> of, Arguments arguments, bool keep)
    {
        Func<object?, Arguments, object?> test = (value, _) => Values.IsTrue(value);
        var name = arguments.OptionalText("test");
        if (name is not null)
        {
            if (!Tests.All.TryGetValue(name, out var known)) throw arguments.Wrong($"knows no test '{name}'");
            test = (value, rest) => known(value, rest);
        }
        var verdicts = ForEach([.. items.Select(of)], arguments, $"The test '{name}'", test);
        return [.. items.Zip(verdicts).Where(pair => pair.Second is true == keep).Select(pair => pair.First)];
    }

    private static IEnumerable<object?> ForEach(
        IReadOnlyList<object?> items, Arguments arguments, string callee, Func<object?, Arguments, object?> apply)
    {
        var rest = arguments.Rest();
        arguments.Budget.Make(16L * items.Count, arguments.At);
        return items.Select(item =>
        {
            var own = new Arguments(callee, arguments.At, arguments.Budget, rest, []);
            var result = apply(item, own);
            own.Done();
            return result;
        });
    }
}
