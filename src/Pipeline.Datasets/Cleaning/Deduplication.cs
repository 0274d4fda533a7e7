using Pipeline.Datasets.Contents;
using Pipeline.Datasets.Tables;

namespace Pipeline.Datasets.Cleaning;

/// <summary>Takes out rows that repeat an earlier one: the first of each is kept, the order stays.</summary>
/// <param name="ByPrompt">Whether rows with the same prompt are the same; else prompt and answer must agree.</param>
/// <param name="Threshold">Share of runs of five words and signs from which rows are nearly the same; null for exact copies alone.</param>
public sealed record Deduplication(bool ByPrompt, double? Threshold)
{
    /// <summary>Copies the rows that repeat none. What cannot be read is kept for <c>validate</c> to tell of.</summary>
    /// <param name="table">The dataset.</param>
    /// <param name="output">A file of the same format.</param>
    /// <param name="removed">Told of every row taken out.</param>
    public CleaningCounts Run(Table table, string output, Action<Removal> removed)
    {
        var exact = new Dictionary<ulong, long>();
        var near = Threshold is { } threshold ? new NearDuplicates(threshold) : null;
        var counts = new Dictionary<string, long>();
        var rows = 0L;
        var kept = table.Distribute([output], row =>
        {
            rows++;
            if (row.Fields is null) return 0;
            var content = RowText.Of(row.Fields);
            var text = ByPrompt ? content.PromptOrWhole : content.Whole;
            var (reason, of) = exact.TryAdd(NormalText.Hash(text), row.Number) ? ("near_duplicate", near?.Find(text, row.Number)) : ("duplicate", exact[NormalText.Hash(text)]);
            if (of is not { } earlier) return 0;
            counts[reason] = counts.GetValueOrDefault(reason) + 1;
            removed(new Removal(row.File, row.Number, reason, earlier, null, Removal.Beginning(text)));
            return null;
        });
        return new CleaningCounts(rows, kept[0], counts, exact.Capacity * 28L + (near?.Bytes ?? 0)); // an entry of 24 bytes, and a bucket of 4
    }
}
