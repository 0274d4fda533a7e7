using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Datasets.Tests.Parquet;

/// <summary>Files that DuckDB wrote (Reference/make_parquet.sql), in the schemas of other projects.</summary>
public class ForeignFileTests
{
    [Test]
    public void Verl_PromptsWithoutOurExtras_AreRead()
    {
        var rows = Dataset.Read<PromptRow>(Reference("verl.parquet"));
        Assert.That(rows, Has.Count.EqualTo(3));
        Assert.That(rows[2].Prompt, Is.EqualTo(new[] { ChatMessage.User("What is 2 + 1?") }));
        Assert.That((rows[2].GroundTruth, rows[2].DataSource, rows[2].RewardStyle, rows[2].Index, rows[2].Split),
            Is.EqualTo(("3", "openai/gsm8k", "rule", 2L, "train")));
        Assert.That(rows[2].ProblemId, Is.EqualTo(ProblemId.Of(rows[2].Prompt)));
        Assert.That(rows[2].Language, Is.Null);
    }

    [Test]
    public void Conversations_InThreeRowGroups_AreReadInOrder()
    {
        var rows = Dataset.Read<SftRow>(Reference("conversations.parquet"));
        Assert.That(rows, Has.Count.EqualTo(5000));
        for (var row = 0; row < rows.Count; row++)
        {
            Assert.That(rows[row].Messages.Select(turn => turn.Content), Is.EqualTo(Enumerable.Range(0, row % 4).Select(turn => $"{row}.{turn}")));
            Assert.That(rows[row].Language, Is.EqualTo(row % 3 == 0 ? null : "es"));
            Assert.That(rows[row].Source, Is.Null, "the column is not there");
        }
        Assert.That(rows[3].Messages.Select(turn => turn.Role), Is.EqualTo(new[] { "user", "assistant", "user" }));
    }

    [Test]
    public void Strings_InPlaceOfMessages_BecomeTurns()
    {
        var path = Reference("strings.parquet");
        var preference = Dataset.Read<PreferenceRow>(path)[0];
        Assert.That(preference.Prompt, Is.EqualTo(new[] { ChatMessage.User("ask") }));
        Assert.That((preference.Chosen, preference.Rejected), Is.EqualTo(("good", "bad")));
        Assert.That(Dataset.Read<PointwiseRow>(path)[0].Label, Is.True, "a 32-bit 1");
        Assert.That(Dataset.Read<SftRow>(path)[0].Messages, Is.EqualTo(new[] { ChatMessage.User("ask"), ChatMessage.Assistant("good") }));
    }

    [Test]
    public void Null_WhereAValueMustBe_IsAnErrorWithItsRow()
    {
        var error = Assert.Throws<DatasetException>(() => Dataset.Read<TextRow>(Reference("nulls.parquet")))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.ColumnNull));
        Assert.That(error.Message, Does.Contain("'text'").And.Contain("row 1"));
        Assert.That(Assert.Throws<DatasetException>(() => Dataset.Read<SftRow>(Reference("null_content.parquet")))!.Code,
            Is.EqualTo(DatasetErrors.ColumnNull));
    }

    private static string Reference(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Reference", name);
}
