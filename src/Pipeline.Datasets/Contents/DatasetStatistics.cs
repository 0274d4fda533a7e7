using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Tables;
using Pipeline.Datasets.Tokenization;

namespace Pipeline.Datasets.Contents;

/// <summary>What a dataset is like.</summary>
/// <param name="Rows">All rows, unreadable ones included.</param>
/// <param name="Unreadable">Rows that cannot be read.</param>
/// <param name="Empty">Rows with neither a prompt nor an answer.</param>
/// <param name="Duplicates">Rows whose text, white space and case aside, an earlier one has.</param>
/// <param name="DuplicatePrompts">Rows whose prompt an earlier one has.</param>
/// <param name="Columns">The columns, in the order in which they were met.</param>
/// <param name="Characters">Lengths in UTF-16 code units.</param>
/// <param name="Tokens">Lengths in tokens; null without a tokenizer.</param>
public sealed record DatasetStatistics(
    long Rows, long Unreadable, long Empty, long Duplicates, long DuplicatePrompts,
    IReadOnlyList<ColumnStatistics> Columns, TextLengths Characters, TextLengths? Tokens)
{
    /// <summary>Reads a dataset once.</summary>
    /// <param name="table">The dataset.</param>
    /// <param name="tokenizer">Counts tokens too; null for characters alone.</param>
    public static DatasetStatistics Of(Table table, Tokenizer? tokenizer)
    {
        var (rows, unreadable, empty, duplicates, duplicatePrompts) = (0L, 0L, 0L, 0L, 0L);
        var columns = new Dictionary<string, ColumnCounts>();
        var (texts, prompts) = (new SeenHashes(), new SeenHashes());
        var characters = new Measured(text => text.Length);
        var tokens = tokenizer is null ? null : new Measured(text => tokenizer.Encode(text).Length);
        foreach (var row in table.Rows())
        {
            rows++;
            if (row.Fields is null)
            {
                unreadable++;
                continue;
            }
            foreach (var (name, value) in row.Fields)
            {
                if (!columns.TryGetValue(name, out var counts)) columns[name] = counts = new ColumnCounts();
                counts.Add(value);
            }
            var text = RowText.Of(row.Fields);
            if (string.IsNullOrWhiteSpace(text.Prompt) && string.IsNullOrWhiteSpace(text.Completion)) empty++;
            if (!texts.Add(NormalText.Hash(text.Whole))) duplicates++;
            if (text.Prompt.Length > 0 && !prompts.Add(NormalText.Hash(text.Prompt))) duplicatePrompts++;
            characters.Add(text);
            tokens?.Add(text);
        }
        return rows == 0
            ? throw new DatasetException(DatasetErrors.Empty, $"{table.Path} has no row.")
            : new DatasetStatistics(rows, unreadable, empty, duplicates, duplicatePrompts,
                [.. columns.Select(column => column.Value.Summary(column.Key, rows - unreadable))], characters.Summary(), tokens?.Summary());
    }

    private sealed class ColumnCounts
    {
        private readonly SortedDictionary<string, long> _kinds = new(StringComparer.Ordinal);

        public void Add(JsonNode? value)
        {
            if (value is null) return;
            var kind = Kind(value, nested: true);
            _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
        }

        public ColumnStatistics Summary(string name, long readable) =>
            new(name, _kinds.Count == 0 ? "null" : string.Join(" or ", _kinds.OrderByDescending(kind => kind.Value).Select(kind => kind.Key)), readable - _kinds.Values.Sum());

        private static string Kind(JsonNode? value, bool nested) => value switch
        {
            null => "null",
            JsonArray list => nested && list.Count > 0 ? $"list<{Kind(list[0], nested: true)}>" : "list",
            JsonObject fields => nested ? $"struct<{string.Join(", ", fields.Select(field => field.Key))}>" : "struct",
            _ => value.GetValueKind() switch { JsonValueKind.String => "text", JsonValueKind.Number => "number", _ => "boolean" },
        };
    }

    private sealed class Measured(Func<string, int> measure)
    {
        private readonly LengthCounts _prompts = new();
        private readonly LengthCounts _completions = new();

        public void Add(RowText text)
        {
            if (text.Prompt.Length > 0) _prompts.Add(measure(text.Prompt));
            if (text.Completion.Length > 0) _completions.Add(measure(text.Completion));
        }

        public TextLengths Summary() => new(_prompts.Summary(), _completions.Summary());
    }
}

/// <summary>A column of a dataset.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it holds; several where rows differ.</param>
/// <param name="Missing">Rows in which it is null or not there.</param>
public sealed record ColumnStatistics(string Name, string Type, long Missing);

/// <summary>Lengths of what rows ask and answer.</summary>
/// <param name="Prompt">Null if no row has a prompt.</param>
/// <param name="Completion">Null if no row has an answer.</param>
public sealed record TextLengths(Lengths? Prompt, Lengths? Completion);
