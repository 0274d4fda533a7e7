using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Datasets.Tests.Parquet;

/// <summary>What we write is read by DuckDB, lists and structs included.</summary>
public sealed class DuckDbTests
{
    private static readonly ChatMessage[] s_turns = [ChatMessage.System("be brief"), ChatMessage.User("2+3? ü"), ChatMessage.Assistant("5")];

    private TestFolder _folder = null!;
    private Duck _duck = null!;

    [SetUp] public void SetUp() => (_folder, _duck) = (new TestFolder(), new Duck());

    [TearDown]
    public void TearDown()
    {
        _duck.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Conversations_AreListsOfStructs()
    {
        var file = Write([new SftRow(s_turns, "en"), new SftRow([]), new SftRow(s_turns[1..])]);
        Assert.That(_duck.Text($"select string_agg(column_type, '; ') from (describe select * from '{file}')"), Is.EqualTo("STRUCT(\"role\" VARCHAR, \"content\" VARCHAR)[]; VARCHAR; VARCHAR"));
        Assert.That(_duck.Text($"select string_agg(len(messages)::varchar, ',') from '{file}'"), Is.EqualTo("3,0,2"));
        Assert.That(_duck.Text($"select messages[2].content || messages[3].role from '{file}' limit 1"), Is.EqualTo("2+3? üassistant"));
        Assert.That(_duck.Number($"select count(*) from '{file}' where language is null"), Is.EqualTo(2));
    }

    [Test]
    public void Prompts_HaveVerlsStructs()
    {
        var file = Write([new PromptRow(s_turns[..2], "5") { DataSource = "sums", Index = 7, Language = "en" }]);
        Assert.That(_duck.Text($"select data_source || reward_model.ground_truth || reward_model.style || extra_info.index || extra_info.language || prompt[1].role from '{file}'"),
            Is.EqualTo("sums5rule7ensystem"));
        Assert.That(_duck.Number($"select count(*) from '{file}' where extra_info.split is null"), Is.EqualTo(1));
    }

    [Test]
    public void PreferencesAndVerdicts_AreRead()
    {
        var pairs = Write([new PreferenceRow(s_turns[..2], "good", "bad")]);
        Assert.That(_duck.Text($"select chosen[1].content || rejected[1].content from '{pairs}'"), Is.EqualTo("goodbad"));
        var verdicts = Write([new PointwiseRow(s_turns[..2], "good", true), new PointwiseRow(s_turns[..2], "bad", false)]);
        Assert.That(_duck.Text($"select string_agg(completion[1].content, ',') from '{verdicts}' where label"), Is.EqualTo("good"));
    }

    private string Write<TRow>(IEnumerable<TRow> rows) where TRow : IDatasetRow<TRow>
    {
        var file = _folder[$"{typeof(TRow).Name}.parquet"];
        Dataset.Write(file, rows);
        return file;
    }
}
