using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Pipeline.Datasets.Tables;

/// <summary>A JSON object a line; blank lines are none.</summary>
/// <param name="path">The file.</param>
internal sealed class JsonLinesTable(string path) : TextTable(path)
{
    private static readonly JsonDocumentOptions s_options = new() { AllowDuplicateProperties = false };

    private protected override IEnumerable<TableRow> Read(FileStream file)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 1 << 16, leaveOpen: true);
        for (var number = 1L; reader.ReadLine() is { } line; number++)
            if (!string.IsNullOrWhiteSpace(line)) yield return Parse(number, line);
    }

    private TableRow Parse(long number, string line)
    {
        try
        {
            return JsonNode.Parse(line, documentOptions: s_options) is JsonObject fields
                ? new TableRow(Path, number, fields) { Verbatim = line }
                : new TableRow(Path, number, null, "is JSON, but no object of columns") { Verbatim = line };
        }
        catch (JsonException error)
        {
            return new TableRow(Path, number, null, $"is not JSON: {JsonText.Reason(error)}") { Verbatim = line };
        }
    }
}
