using System.Text.Json;

namespace Pipeline.Rewards.Code;

/// <summary>The tests of a problem, read from its ground truth. README.md of the rewards shows the accepted shapes.</summary>
public static class CodeTests
{
    /// <summary>At least one test, or null if the text is in none of the shapes.</summary>
    public static IReadOnlyList<CodeTest>? Parse(string groundTruth)
    {
        try
        {
            using var document = JsonDocument.Parse(groundTruth);
            var tests = Read(document.RootElement.Clone()).ToList();
            return tests.Count > 0 ? tests : null;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null; // no JSON, or a member of another type than the shape has
        }
    }

    private static IEnumerable<CodeTest> Read(JsonElement root) => root switch
    {
        { ValueKind: JsonValueKind.Array } => root.EnumerateArray().Select(test => Case(test, function: null)),
        _ when root.TryGetProperty("inputs", out var inputs) => Apps(root, inputs),
        _ when root.TryGetProperty("public_test_cases", out var some) => LiveCodeBench(root, some),
        _ when root.TryGetProperty("test_list", out var statements) => Mbpp(root, statements),
        _ when root.TryGetProperty("test", out var check) => [new AssertionTest($"{check.GetString()}\ncheck({root.GetProperty("entry_point").GetString()})")],
        _ => throw new FormatException("No known shape."),
    };

    private static IEnumerable<CodeTest> Apps(JsonElement root, JsonElement inputs)
    {
        var function = Text(root, "fn_name");
        foreach (var (input, output) in inputs.EnumerateArray().Zip(root.GetProperty("outputs").EnumerateArray()))
            yield return function is null ? new StreamTest(Lines(input), Lines(output))
                : new FunctionTest(function, [.. input.EnumerateArray()], output, MayBeWrapped: true);
    }

    private static IEnumerable<CodeTest> LiveCodeBench(JsonElement root, JsonElement some)
    {
        var function = root.TryGetProperty("metadata", out var metadata) ? FunctionName(metadata) : null;
        return Cases(some).Concat(root.TryGetProperty("private_test_cases", out var others) ? Cases(others) : []);

        IEnumerable<CodeTest> Cases(JsonElement cases) => Unpacked(cases).EnumerateArray().Select(test => Case(test, function));
    }

    private static CodeTest Case(JsonElement test, string? function)
    {
        if (test.ValueKind == JsonValueKind.String) return new AssertionTest(test.GetString()!);
        var (input, output) = (test.GetProperty("input"), test.GetProperty("output"));
        if (Text(test, "testtype") != "functional") return new StreamTest(Lines(input), Lines(output));
        function = test.TryGetProperty("metadata", out var metadata) ? FunctionName(metadata) ?? function : function;
        return new FunctionTest(function ?? throw new FormatException("No function is named."),
            [.. input.GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Json)], Json(output.GetString()!));
    }

    private static IEnumerable<CodeTest> Mbpp(JsonElement root, JsonElement statements)
    {
        var setup = Text(root, "test_setup_code") is { Length: > 0 } code ? code + "\n" : "";
        return statements.EnumerateArray().Select(statement => new AssertionTest(setup + statement.GetString()));
    }

    private static string? FunctionName(JsonElement metadata) => Text(Unpacked(metadata), "func_name");

    /// <summary>LiveCodeBench's columns hold JSON as text, its hidden tests packed besides, and a data set made of them may, too.</summary>
    private static JsonElement Unpacked(JsonElement element) => element.ValueKind != JsonValueKind.String ? element
        : element.GetString()!.TrimStart() is ['[' or '{', ..] and var json ? Json(json) : Json(PackedTests.Read(element.GetString()!));

    /// <summary>APPS writes a text now whole, now as a list of lines.</summary>
    private static string Lines(JsonElement text) => text.ValueKind == JsonValueKind.Array
        ? string.Join('\n', text.EnumerateArray().Select(line => line.GetString()))
        : text.GetString()!;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
