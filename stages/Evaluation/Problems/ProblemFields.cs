using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets;
using Pipeline.Datasets.Parquet;

namespace Pipeline.Stages.Evaluation.Problems;

/// <summary>One row of a file of problems, by column. Case does not matter in names: publishers write Problem and problem.</summary>
/// <param name="fields">The columns.</param>
/// <param name="place">File and line or row, for messages.</param>
internal sealed class ProblemFields(JsonObject fields, string place)
{
    /// <summary>The rows of a Parquet file or folder, or of a file of JSON lines (.jsonl), or of the one such file in a folder, as it was fetched.</summary>
    /// <exception cref="DatasetException">It cannot be read.</exception>
    public static IEnumerable<ProblemFields> Read(string path) => Directory.Exists(path) && Directory.GetFiles(path) is [var only] && only.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
        ? Lines(only)
        : path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase)
        ? File.Exists(path) ? Lines(path) : throw new DatasetException(DatasetErrors.NotFound, $"There is no file {path}.")
        : Dataset.Stream<FieldsRow>(path).Select((row, index) => new ProblemFields(row.Fields, $"row {index} of {path}"));

    /// <summary>The value of the first of these columns that is there, as text.</summary>
    /// <exception cref="DatasetException">None is there.</exception>
    public string Text(params ReadOnlySpan<string> names) => Optional(names) ?? throw new DatasetException(DatasetErrors.ColumnMissing,
        $"{place} has no column {string.Join(" or ", names.ToArray())}; it has {string.Join(", ", fields.Select(field => field.Key))}. "
        + "Name the columns under options.columns, or choose another preset.");

    /// <summary>Likewise; null if none is there.</summary>
    public string? Optional(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            foreach (var (key, value) in fields)
                if (value is not null && string.Equals(key, name, StringComparison.OrdinalIgnoreCase))
                    return value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
        return null;
    }

    /// <summary>Some columns as one object, for what reads them together.</summary>
    public string Json(params ReadOnlySpan<string> names)
    {
        var some = new JsonObject();
        foreach (var name in names)
            if (fields.TryGetPropertyValue(name, out var value)) some[name] = value?.DeepClone();
        return some.ToJsonString();
    }

    private static IEnumerable<ProblemFields> Lines(string path)
    {
        foreach (var (index, line) in File.ReadLines(path).Index())
            if (!string.IsNullOrWhiteSpace(line)) yield return new ProblemFields(Parse(line, path, index + 1), $"line {index + 1} of {path}");
    }

    private static JsonObject Parse(string line, string path, int number)
    {
        try { return JsonNode.Parse(line)!.AsObject(); }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new DatasetException(DatasetErrors.Unreadable, $"Line {number} of {path} is not a JSON object ({error.Message}).", error);
        }
    }
}
