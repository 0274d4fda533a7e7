using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Stages.RejectionSampling.Ngrams;

/// <summary>
/// What must not be trained on: every run of n words of the evaluation prompts, and those prompts whole that have fewer words, but
/// at least three.
/// </summary>
internal sealed class EvaluationNgrams
{
    private const int FewestWords = 3;
    private const int OneIn = 20;

    private readonly Dictionary<int, HashSet<ulong>> _byLength = [];

    /// <param name="prompts">The texts of the evaluation prompts.</param>
    /// <param name="n">Words in a row.</param>
    public EvaluationNgrams(IEnumerable<string> prompts, int n)
    {
        Length = n;
        var all = prompts.Distinct().Select(WordNgrams.WordsOf).Where(words => words.Count >= FewestWords).ToList();
        foreach (var byLength in all.GroupBy(words => Math.Min(n, words.Count)))
        {
            // "Put your final answer within \boxed{}" and the like stand in prompt after prompt: wording, not content.
            var most = Math.Max(1, all.Count / OneIn);
            var counts = byLength.SelectMany(words => WordNgrams.Runs(words, byLength.Key).Distinct()).CountBy(ngram => ngram);
            _byLength[byLength.Key] = [.. counts.Where(count => count.Value <= most).Select(count => count.Key)];
        }
    }

    /// <summary>Words in a row.</summary>
    public int Length { get; }

    /// <summary>Those of the user's turns of evaluation datasets.</summary>
    public static EvaluationNgrams Read(IReadOnlyList<string> datasets, int n) =>
        new(datasets.SelectMany(Dataset.Read<PromptRow>).SelectMany(row => row.Prompt).Select(turn => turn.Content), n);

    /// <summary>Whether one of them stands in the text.</summary>
    public bool OccurIn(string text)
    {
        var words = WordNgrams.WordsOf(text);
        return _byLength.Any(ngrams => WordNgrams.Runs(words, ngrams.Key).Any(ngrams.Value.Contains));
    }
}
