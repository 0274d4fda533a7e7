using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Datasets.Tables;

/// <summary>One JSON array of objects, read element by element.</summary>
/// <param name="path">The file.</param>
internal sealed class JsonArrayTable(string path) : TextTable(path)
{
    private protected override (string Before, string Between, string After) Frame => ("[\n", ",\n", "\n]\n");

    /// <summary>Whether the file begins as an array. Many files of JSON lines are called .json.</summary>
    public static bool IsArray(string path)
    {
        using var reader = new StreamReader(path);
        for (int next; (next = reader.Read()) >= 0;)
            if (!char.IsWhiteSpace((char)next)) return next == '[';
        return false;
    }

    private protected override IEnumerable<TableRow> Read(FileStream file)
    {
        var rows = JsonSerializer.DeserializeAsyncEnumerable<JsonNode>(file).GetAsyncEnumerator();
        try
        {
            for (var number = 1L; ; number++)
            {
                // A file is read without a synchronization context: waiting here cannot deadlock.
                var row = Next(number, () => rows.MoveNextAsync().AsTask().GetAwaiter().GetResult() ? rows.Current : null, out var ended);
                if (row is not null) yield return row;
                if (ended) yield break;
            }
        }
        finally { rows.DisposeAsync().AsTask().GetAwaiter().GetResult(); }
    }

    private TableRow? Next(long number, Func<JsonNode?> read, out bool ended)
    {
        ended = false;
        try
        {
            if (read() is { } node)
            {
                return node is JsonObject fields
                    ? new TableRow(Path, number, fields) { Verbatim = node.ToJsonString() }
                    : new TableRow(Path, number, null, "is JSON, but no object of columns") { Verbatim = node.ToJsonString() };
            }
            ended = true;
            return null;
        }
        catch (JsonException error)
        {
            ended = true; // nobody knows where the next element would begin
            return new TableRow(Path, number, null, $"is not JSON: {JsonText.Reason(error)} of line {error.LineNumber + 1}; nothing behind it can be read");
        }
    }
}
