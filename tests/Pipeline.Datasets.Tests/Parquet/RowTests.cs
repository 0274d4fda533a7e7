using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Datasets.Tests.Parquet;

/// <summary>Every row type goes through a file and comes back as it was.</summary>
public class RowTests
{
    private static readonly IReadOnlyList<ChatMessage> s_question = [ChatMessage.System("Be brief."), ChatMessage.User("¿2+3? 😀")];

    [Test]
    public void Text_ThroughAFile_IsKept() => Assert.That(Return(new TextRow("a\n\"ñ\"\0😀"), new TextRow("")), Is.EqualTo(new[] { new TextRow("a\n\"ñ\"\0😀"), new TextRow("") }));

    [Test]
    public void Sft_ThroughAFile_KeepsTurnsAndAbsentValues()
    {
        var rows = Return(
            new SftRow([.. s_question, ChatMessage.Assistant("5")], "es", "made up"),
            new SftRow([], Language: "en"),
            new SftRow([ChatMessage.User("")]));
        Assert.That(rows.Select(row => row.Messages.Count), Is.EqualTo(new[] { 3, 0, 1 }));
        Assert.That(rows[0].Messages, Is.EqualTo(new[] { s_question[0], s_question[1], ChatMessage.Assistant("5") }));
        Assert.That(rows.Select(row => row.Language), Is.EqualTo(new[] { "es", "en", null }));
        Assert.That(rows.Select(row => row.Source), Is.EqualTo(new[] { "made up", null, null }));
    }

    [Test]
    public void Prompt_ThroughAFile_IsKept()
    {
        var written = new PromptRow(s_question, "5")
        {
            DataSource = "sums", Ability = "general", RewardStyle = "model", Index = 7, ProblemId = "abc", Language = "es", Split = "test",
        };
        var rows = Return(written, new PromptRow(s_question, ""));
        Assert.That(rows[0].Prompt, Is.EqualTo(s_question));
        Assert.That(rows[0] with { Prompt = s_question }, Is.EqualTo(written));
        Assert.That((rows[1].Language, rows[1].Split, rows[1].Ability), Is.EqualTo(((string?)null, (string?)null, "math")));
        Assert.That(rows[1].ProblemId, Is.EqualTo(ProblemId.Of(s_question)), "without a better one, the prompt's own");
    }

    [Test]
    public void Preference_ThroughAFile_IsKept()
    {
        var row = Return(new PreferenceRow(s_question, "5", "6"))[0];
        Assert.That((row.Prompt.Count, row.Chosen, row.Rejected), Is.EqualTo((2, "5", "6")));
    }

    [Test]
    public void Pointwise_ThroughAFile_IsKept() =>
        Assert.That(Return(new PointwiseRow(s_question, "5", true), new PointwiseRow(s_question, "6", false)).Select(row => (row.Completion, row.Label)),
            Is.EqualTo(new[] { ("5", true), ("6", false) }));

    [Test]
    public void Rollout_ThroughAFile_KeepsItsRewardsByName()
    {
        var written = Rollout(new() { ["format"] = 1, ["accuracy"] = double.NaN, ["my own"] = -0.5 }) with
        {
            GroundTruth = "5", Answer = "6", Outcome = "Wrong", Language = "es", Mixing = 0.25,
        };
        var row = Return(written, Rollout(new() { ["accuracy"] = 0, ["format"] = 0, ["my own"] = 0 }))[0];
        Assert.That(row.Rewards, Is.EquivalentTo(written.Rewards));
        Assert.That(row with { Rewards = written.Rewards }, Is.EqualTo(written));
    }

    [Test]
    public void Rollout_RewardNamedAsAColumn_IsRefused()
    {
        var error = Assert.Throws<DatasetException>(() => Return(Rollout(new() { ["length"] = 1 })))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.RewardColumns));
        Assert.That(error.Message, Does.Contain("'length'"));
    }

    [Test]
    public void Rollout_RowsWithOtherRewards_AreRefused()
    {
        var error = Assert.Throws<DatasetException>(() => Return(Rollout(new() { ["a"] = 1, ["b"] = 1 }), Rollout(new() { ["a"] = 1 })))!;
        Assert.That(error.Message, Does.Contain("have the rewards a, others have a, b"));
    }

    [Test]
    public void ProblemId_OfAText_IsTheBeginningOfItsSha256() =>
        // printf '1 2 3' | sha256sum
        Assert.That(ProblemId.Of("1 2 3"), Is.EqualTo("7c8f5059290305ce"));

    private static RolloutRow Rollout(Dictionary<string, double> rewards) => new()
    {
        Step = 3, PromptId = "p", Group = 1, Prompt = "<|user|>?", Completion = "!<|end|>", Length = 2, StopReason = "eos",
        Reward = 1.5, Advantage = -0.25, Rewards = rewards,
    };

    private static IReadOnlyList<TRow> Return<TRow>(params TRow[] rows) where TRow : IDatasetRow<TRow>
    {
        using var folder = new TestFolder();
        Dataset.Write(folder.Path, rows);
        return Dataset.Read<TRow>(folder.Path);
    }
}
