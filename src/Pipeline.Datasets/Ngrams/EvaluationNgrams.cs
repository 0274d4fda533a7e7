using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Datasets.Ngrams;

/// <summary>
/// What must not be trained on: every run of n words of the evaluation prompts, and those prompts whole that have fewer words, but
/// at least three.
/// </summary>
public sealed class EvaluationNgrams
{
    private const int FewestWords = 3;
    private const int OneIn = 20;

    // By number of words: each run's hash, and the first prompt that has it.
    private readonly Dictionary<int, Dictionary<ulong, int>> _byLength = [];

    /// <param name="prompts">The texts of the evaluation prompts.</param>
    /// <param name="n">Words in a row.</param>
    public EvaluationNgrams(IEnumerable<string> prompts, int n)
    {
        Length = n;
        var all = prompts.Index().DistinctBy(prompt => prompt.Item)
            .Select(prompt => (prompt.Index, Words: WordNgrams.WordsOf(prompt.Item))).Where(prompt => prompt.Words.Count >= FewestWords).ToList();
        foreach (var byLength in all.GroupBy(prompt => Math.Min(n, prompt.Words.Count)))
        {
            // "Put your final answer within \boxed{}" and the like stand in prompt after prompt: wording, not content.
            var most = Math.Max(1, all.Count / OneIn);
            var runs = new Dictionary<ulong, (int First, int Count)>();
            foreach (var (index, words) in byLength)
                foreach (var run in WordNgrams.Runs(words, byLength.Key).Distinct())
                    runs[run] = runs.TryGetValue(run, out var known) ? (known.First, known.Count + 1) : (index, 1);
            _byLength[byLength.Key] = runs.Where(run => run.Value.Count <= most).ToDictionary(run => run.Key, run => run.Value.First);
        }
    }

    /// <summary>Words in a row.</summary>
    public int Length { get; }

    /// <summary>Those of the user's turns of evaluation datasets.</summary>
    public static EvaluationNgrams Read(IReadOnlyList<string> datasets, int n) =>
        new(datasets.SelectMany(Dataset.Read<PromptRow>).SelectMany(row => row.Prompt).Select(turn => turn.Content), n);

    /// <summary>Whether one of them stands in the text.</summary>
    public bool OccurIn(string text) => Find(text) is not null;

    /// <summary>The first prompt, by its place among those given, of which one stands in the text; null if none does.</summary>
    public int? Find(string text)
    {
        var words = WordNgrams.WordsOf(text);
        foreach (var (length, prompts) in _byLength)
            foreach (var run in WordNgrams.Runs(words, length))
                if (prompts.TryGetValue(run, out var prompt)) return prompt;
        return null;
    }
}
