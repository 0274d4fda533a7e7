using System.Text.Json.Nodes;
using Pipeline.Datasets.Contents;
using Pipeline.Datasets.Tables;

namespace Pipeline.Datasets.Tests.Contents;

public sealed class ContentsTests
{
    private TestFolder _folder = null!;

    [SetUp] public void SetUp() => _folder = new TestFolder();

    [TearDown] public void TearDown() => _folder.Dispose();

    [TestCase("a  b\n", " A B", true)]
    [TestCase("2+3", "2-3", false)]
    [TestCase("ab", "a b", false)]
    public void Hash_OfTexts_IsTheSameWhereOnlySpaceAndCaseDiffer(string one, string other, bool same) =>
        Assert.That(NormalText.Hash(one) == NormalText.Hash(other), Is.EqualTo(same));

    [TestCase("""{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}""", "q", "a")]
    [TestCase("""{"question": "q", "answer": "a", "level": 3}""", "q", "a")]
    [TestCase("""{"prompt": [{"role": "user", "content": "q"}], "reward_model": {"ground_truth": "5"}}""", "q", "")]
    [TestCase("""{"text": "t"}""", "", "t")]
    [TestCase("""{"Frage": "f", "Zahl": 3}""", "", "f\n3")]
    public void RowText_OfAnySchema_TellsPromptAndAnswerApart(string row, string prompt, string completion) =>
        Assert.That(RowText.Of(JsonNode.Parse(row)!.AsObject()), Is.EqualTo(new RowText(prompt, completion)));

    [Test]
    public void Statistics_CountRowsColumnsLengthsAndRepeats()
    {
        File.WriteAllLines(_folder["a.jsonl"],
        [
            """{"question": "abc", "answer": "x"}""", """{"question": "ABC ", "answer": "x"}""", """{"question": "abc", "answer": "yy"}""",
            """{"question": "", "answer": null}""", """{"question": 5, "answer": "zzz"}""", "{torn",
        ]);
        var found = DatasetStatistics.Of(Table.Open(_folder["a.jsonl"]), tokenizer: null);
        Assert.That((found.Rows, found.Unreadable, found.Empty, found.Duplicates, found.DuplicatePrompts), Is.EqualTo((6, 1, 1, 1, 2)));
        Assert.That(found.Columns, Is.EqualTo(new[] { new ColumnStatistics("question", "text or number", 0), new ColumnStatistics("answer", "text", 1) }));
        // Prompts of 3, 4, 3 and 1 characters: 11 in all; sorted 1, 3, 3, 4.
        Assert.That(found.Characters.Prompt, Is.EqualTo(new Lengths(1, 2.75, 3, 4, 4, 4, 11)));
        Assert.That(found.Characters.Completion, Is.EqualTo(new Lengths(1, 1.75, 1, 3, 3, 3, 7)));
    }

    [Test]
    public void Split_IsTheSameForTheSamePrompt_AndAsLargeAsAsked()
    {
        var split = new SeededSplit(seed: 1, [0.1, 0.05]);
        var parts = Enumerable.Range(0, 20_000).Select(row => split.Of($"problem {row}")).ToList();
        Assert.That(Enumerable.Range(0, 20_000).Select(row => new SeededSplit(1, [0.1, 0.05]).Of($" Problem  {row}\n")), Is.EqualTo(parts));
        // 2,000 and 1,000 expected; four standard deviations are 170 and 123.
        Assert.That(parts.Count(part => part == 1), Is.EqualTo(2000).Within(170));
        Assert.That(parts.Count(part => part == 2), Is.EqualTo(1000).Within(123));
        Assert.That(Enumerable.Range(0, 20_000).Count(row => new SeededSplit(2, [0.1, 0.05]).Of($"problem {row}") == parts[row]), Is.LessThan(17_000), "another seed, another split");
    }

    [Test]
    public void SeenHashes_OfManyHashes_ForgetsNone()
    {
        var seen = new SeenHashes();
        Assert.That(Enumerable.Range(0, 50_000).All(number => seen.Add(StableHash.Mix((ulong)number))) && seen.Add(0));
        Assert.That(Enumerable.Range(0, 50_000).Any(number => seen.Add(StableHash.Mix((ulong)number))) || seen.Add(0), Is.False);
        Assert.That(seen.Bytes / seen.Count, Is.InRange(8, 23));
    }
}
