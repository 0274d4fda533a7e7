using Pipeline.Datasets.Contents;
using Pipeline.Datasets.Ngrams;
using Pipeline.Datasets.Tables;

namespace Pipeline.Datasets.Cleaning;

/// <summary>
/// Takes out rows that share a run of words with a prompt of an evaluation dataset. Runs that stand in more than one of twenty of its
/// prompts are the wording of instructions and contaminate nothing.
/// </summary>
/// <param name="Ngram">Words in a row: 10 as in DeepSeekMath (arXiv:2402.03300), 13 as in GPT-3 (arXiv:2005.14165), 8 as in open-r1 and s1 (arXiv:2501.19393).</param>
/// <param name="ByPrompt">Whether prompts alone are looked at; else answers too.</param>
public sealed record Decontamination(int Ngram, bool ByPrompt)
{
    /// <summary>Copies the rows that share none.</summary>
    /// <param name="table">The dataset.</param>
    /// <param name="evaluation">What it must not contain.</param>
    /// <param name="output">A file of the same format.</param>
    /// <param name="removed">Told of every row taken out.</param>
    public CleaningCounts Run(Table table, IReadOnlyList<Table> evaluation, string output, Action<Removal> removed)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var (ngrams, places) = Read(evaluation);
        var held = GC.GetTotalMemory(forceFullCollection: true) - before;
        var (rows, contaminated) = (0L, 0L);
        var kept = table.Distribute([output], row =>
        {
            rows++;
            if (row.Fields is null) return 0;
            var content = RowText.Of(row.Fields);
            var text = ByPrompt ? content.PromptOrWhole : content.Whole;
            if (ngrams.Find(text) is not { } prompt) return 0;
            contaminated++;
            removed(new Removal(row.File, row.Number, "contaminated", places[prompt].Row, places[prompt].File, Removal.Beginning(text)));
            return null;
        });
        return new CleaningCounts(rows, kept[0], contaminated == 0 ? new Dictionary<string, long>() : new Dictionary<string, long> { ["contaminated"] = contaminated }, held);
    }

    private (EvaluationNgrams Ngrams, IReadOnlyList<(string File, long Row)> Places) Read(IReadOnlyList<Table> evaluation)
    {
        var places = new List<(string, long)>();
        var prompts = evaluation.SelectMany(table => table.Rows()).Where(row => row.Fields is not null).Select(row =>
        {
            places.Add((row.File, row.Number));
            return RowText.Of(row.Fields!).PromptOrWhole;
        });
        var ngrams = new EvaluationNgrams(prompts, Ngram);
        return places.Count > 0 ? (ngrams, places) : throw new DatasetException(DatasetErrors.Empty, $"{evaluation[0].Path} has no row to compare with.");
    }
}
