using System.Text.Json.Nodes;
using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Packing;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Grpo;

namespace Pipeline.Stages.Tests.Grpo;

public sealed class PromptOrderTest
{
    private static readonly ChatPrompt[] s_prompts =
        [.. Enumerable.Range(0, 6).Select(number => new ChatPrompt(new PromptRow([ChatMessage.User($"{number}")], "1"), $"{number}", [number]))];

    private readonly JsonObject _memory = [];

    [SetUp]
    public void SetUp() => _memory.Clear();

    [Test]
    public void Take_WithoutACurriculum_IsTheSeededOrderOfEachEpoch()
    {
        var order = new PromptOrder(s_prompts, seed: 3, curriculum: null);
        var (dealt, next) = order.Take(default, 8, _memory);
        Assert.That(dealt.Take(6).Select(one => one.Row), Is.EqualTo(SeededOrder.Permutation(3, 0, 6)));
        Assert.That(dealt.Skip(6).Select(one => (one.Row, one.Epoch)), Is.EqualTo(SeededOrder.Permutation(3, 1, 6).Take(2).Select(row => (row, 1L))));
        Assert.That(next, Is.EqualTo(new DataCursor(1, 2)));
    }

    [Test]
    public void Take_PromptSolvedTooOften_RestsForAnEpochAndComesBack()
    {
        var order = new PromptOrder(s_prompts, seed: 3, new CurriculumOptions { MaxPassRate = 0.5 });
        var (first, cursor) = order.Take(default, 6, _memory);
        foreach (var dealt in first) order.Remember(dealt, Group(right: dealt.Row < 2 ? 3 : 2), _memory); // rates 3/4 and 2/4
        var (second, afterwards) = order.Take(cursor, 4, _memory);
        Assert.That(second.Select(one => one.Row), Is.EquivalentTo(new[] { 2, 3, 4, 5 }));
        Assert.That(order.Take(new(2, 0), 6, _memory).Dealt.Select(one => one.Row), Is.EquivalentTo(Enumerable.Range(0, 6)), "it is tried again");
        Assert.That(afterwards.Epoch, Is.EqualTo(1).Or.EqualTo(2));
    }

    [Test]
    public void Take_EveryPromptIsTooHard_TakesThemAllTheSame()
    {
        var order = new PromptOrder(s_prompts, seed: 3, new CurriculumOptions { MinPassRate = 0.1 });
        foreach (var dealt in order.Take(default, 6, _memory).Dealt) order.Remember(dealt, Group(right: 0), _memory);
        Assert.That(order.Take(new(1, 0), 3, _memory).Dealt, Has.Count.EqualTo(3));
    }

    private static ScoredCompletion[] Group(int right) =>
    [
        .. Enumerable.Range(0, 4).Select(number => new ScoredCompletion(null!, new RewardBreakdown(0, new Dictionary<string, RewardScore>
        {
            ["accuracy"] = new(0, number < right ? RewardOutcome.Correct : RewardOutcome.Wrong),
        }))),
    ];
}
