using Pipeline.Datasets.Cleaning;
using Pipeline.Datasets.Tables;

namespace Pipeline.Datasets.Tests.Cleaning;

public sealed class CleaningTests
{
    // 40 different words: 36 runs of five. Changing one word in the middle changes five of them: 31 of 41 in common, 0.76; changing
    // the last changes one: 35 of 37 in common, 0.95.
    private static readonly string[] s_words = [.. Enumerable.Range(0, 40).Select(number => $"word{number}")];

    private readonly List<Removal> _removed = [];
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp()
    {
        _folder = new TestFolder();
        _removed.Clear();
    }

    [TearDown] public void TearDown() => _folder.Dispose();

    [Test]
    public void Dedup_ExactCopies_KeepsTheFirst()
    {
        var counts = new Deduplication(ByPrompt: false, Threshold: null).Run(Rows("a|1", "b|1", " A|1", "a|2"), _folder["out.jsonl"], _removed.Add);
        Assert.That((counts.Rows, counts.Kept), Is.EqualTo((4, 3)));
        Assert.That(_removed.Select(removal => (removal.Row, removal.Of, removal.Reason)), Is.EqualTo(new[] { (3L, 1L, "duplicate") }));
        _removed.Clear();
        new Deduplication(ByPrompt: true, Threshold: null).Run(Rows("a|1", "b|1", " A|1", "a|2"), _folder["out.jsonl"], _removed.Add);
        Assert.That(_removed.Select(removal => removal.Row), Is.EqualTo(new[] { 3, 4 }));
    }

    [Test]
    public void Dedup_NearCopies_AreThoseAboveTheThreshold()
    {
        var text = string.Join(' ', s_words);
        var counts = new Deduplication(ByPrompt: true, Threshold: 0.9).Run(
            Rows(text, text.Replace("word20", "other", StringComparison.Ordinal), text.Replace("word39", "last", StringComparison.Ordinal), "something else entirely"),
            _folder["out.jsonl"], _removed.Add);
        Assert.That(counts.Removed, Is.EqualTo(new Dictionary<string, long> { ["near_duplicate"] = 1 }));
        Assert.That((_removed[0].Row, _removed[0].Of), Is.EqualTo((3, 1)));
    }

    [Test]
    public void Dedup_ManyNearCopies_AreFoundAndOthersLeft()
    {
        // 500 texts of 40 words that share none, each twice more with its last word changed: 0.95 alike.
        var rows = Enumerable.Range(0, 1500).Select(row => string.Join(' ', Enumerable.Range(0, 39).Select(word => $"w{row % 500}x{word}").Append($"end{row}"))).ToArray();
        var counts = new Deduplication(ByPrompt: true, Threshold: 0.8).Run(Rows(rows), _folder["out.jsonl"], _removed.Add);
        // A band of eight agrees with probability 0.95^8 = 0.66, none of fourteen with (1 - 0.66)^14 = 2e-7.
        Assert.That(counts.Kept, Is.EqualTo(500));
        Assert.That(_removed.All(removal => removal.Of == (removal.Row - 1) % 500 + 1));
    }

    [Test]
    public void Dedup_ProblemsThatDifferInASign_AreTwo()
    {
        var counts = new Deduplication(ByPrompt: true, Threshold: 0.8).Run(Rows("What is 12+7?", "What is 12-7?"), _folder["out.jsonl"], _removed.Add);
        Assert.That(counts.Kept, Is.EqualTo(2));
    }

    [TestCase(10, 2)]
    [TestCase(13, 1)]
    public void Decontaminate_RowsWithSoManyWordsOfAnEvaluationPrompt_AreTakenOut(int ngram, int expected)
    {
        File.WriteAllLines(_folder["eval.jsonl"], [Row("short one"), Row(string.Join(' ', s_words))]);
        var twelve = string.Join(' ', s_words[5..17]);
        var table = Rows("clean text", $"before {twelve} after", $"before, {string.Join(", ", s_words[5..18])}! after", string.Join(' ', s_words[5..12]));
        var counts = new Decontamination(ngram, ByPrompt: true).Run(table, [Table.Open(_folder["eval.jsonl"])], _folder["out.jsonl"], _removed.Add);
        Assert.That((counts.Kept, _removed.Count), Is.EqualTo((4 - expected, expected)));
        Assert.That(_removed.Select(removal => (removal.Of, removal.OfFile)), Is.All.EqualTo((2L, _folder["eval.jsonl"])));
    }

    private Table Rows(params string[] rows)
    {
        File.WriteAllLines(_folder["in.jsonl"], rows.Select(Row));
        return Table.Open(_folder["in.jsonl"]);
    }

    private static string Row(string text) => text.Split('|') is [var prompt, var answer]
        ? $$"""{"prompt": "{{prompt}}", "completion": "{{answer}}"}"""
        : $$"""{"prompt": "{{text}}"}""";
}
