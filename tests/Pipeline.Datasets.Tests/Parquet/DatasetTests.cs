using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Datasets.Tests.Parquet;

public class DatasetTests
{
    private TestFolder _folder = null!;

    [SetUp] public void SetUp() => _folder = new TestFolder();

    [TearDown] public void TearDown() => _folder.Dispose();

    [Test]
    public void Write_EqualRowsOnTwoDays_MakesEqualBytes()
    {
        // A time stamp, a random seed or a machine name in the file would differ between two writes.
        Dataset.Write(_folder["one"], Rollouts(20_000));
        Dataset.Write(_folder["two.parquet"], Rollouts(20_000));
        Assert.That(File.ReadAllBytes(_folder["one/train.parquet"]), Is.EqualTo(File.ReadAllBytes(_folder["two.parquet"])));
    }

    [Test]
    public void Write_MoreRowsThanAGroupHolds_ReadsBackInOrder()
    {
        const int rows = 20_000; // 8192 a group: 3 groups
        var written = Dataset.Write(_folder.Path, Enumerable.Range(0, rows).Select(row => new TextRow($"text {row}")));
        Assert.That(written, Is.EqualTo(rows));
        Assert.That(Dataset.Count(_folder.Path), Is.EqualTo(rows));
        Assert.That(Dataset.Stream<TextRow>(_folder.Path).Select(row => row.Text), Is.EqualTo(Enumerable.Range(0, rows).Select(row => $"text {row}")));
    }

    [Test]
    public void Write_SourceFailsHalfway_LeavesTheOldFileAndNothingElse()
    {
        Dataset.Write(_folder.Path, [new TextRow("old")]);
        Assert.Throws<InvalidDataException>(() => Dataset.Write(_folder.Path, Torn()));
        Assert.That(Directory.GetFiles(_folder.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "train.parquet" }));
        Assert.That(Dataset.Read<TextRow>(_folder.Path)[0].Text, Is.EqualTo("old"));

        static IEnumerable<TextRow> Torn()
        {
            for (var row = 0; row < 10_000; row++) yield return new TextRow("new"); // one full group is on disk by then
            throw new InvalidDataException("the source is torn");
        }
    }

    [Test]
    public void Write_NoRow_IsAnErrorAndNoFile()
    {
        var error = Fails(DatasetErrors.Empty, () => Dataset.Write(_folder["none"], Array.Empty<TextRow>()));
        Assert.That(error.Message, Does.Contain("train.parquet"));
        Assert.That(Directory.GetFiles(_folder["none"]), Is.Empty);
    }

    [Test]
    public void Read_FolderOfSeveralFiles_ReadsThemByName()
    {
        Dataset.Write(_folder["b.parquet"], [new TextRow("2")]);
        Dataset.Write(_folder["a.parquet"], [new TextRow("1")]);
        File.WriteAllText(_folder["README.md"], "not data");
        Assert.That(Dataset.Read<TextRow>(_folder.Path).Select(row => row.Text), Is.EqualTo(new[] { "1", "2" }));
    }

    [Test]
    public void Read_MissingColumn_NamesFileColumnAndWhatThereIs()
    {
        Dataset.Write(_folder.Path, [new PointwiseRow([ChatMessage.User("?")], "!", Label: true)]);
        var error = Fails(DatasetErrors.ColumnMissing, () => Dataset.Read<TextRow>(_folder.Path));
        Assert.That(error.Message, Does.Contain("train.parquet").And.Contain("'text'")
            .And.Contain("prompt, completion, label"));
    }

    [Test]
    public void Read_ColumnOfAnotherType_SaysWhichItIs()
    {
        Dataset.Write(_folder.Path, Rollouts(1));
        var error = Fails(DatasetErrors.ColumnType, () => Dataset.Read<StepAsText>(_folder.Path));
        Assert.That(error.Message, Does.Contain("'step'").And.Contain("should be string, but is Int64"));
    }

    [Test]
    public void Read_NothingThere_SaysSo()
    {
        Fails(DatasetErrors.NotFound, () => Dataset.Read<TextRow>(_folder["nowhere"]));
        File.WriteAllText(_folder["data.csv"], "text\na\n");
        var error = Fails(DatasetErrors.NotFound, () => Dataset.Read<TextRow>(_folder.Path));
        Assert.That(error.Message, Does.Contain("data.csv"));
    }

    [Test]
    public void Read_NotParquet_IsUnreadable()
    {
        File.WriteAllText(_folder["text.parquet"], "text\nThis is a table of comma-separated values, whatever its name says.\n");
        Assert.That(Fails(DatasetErrors.Unreadable, () => Dataset.Read<TextRow>(_folder.Path)).Message, Does.Contain("text.parquet"));
        File.WriteAllText(_folder["text.parquet"], "");
        Fails(DatasetErrors.Unreadable, () => Dataset.Count(_folder.Path));
    }

    [Test]
    public void Read_TornAnywhere_IsUnreadable()
    {
        Dataset.Write(_folder["whole.parquet"], Rollouts(50));
        var whole = File.ReadAllBytes(_folder["whole.parquet"]);
        for (var length = 1; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(_folder["torn.parquet"], whole[..length]);
            Fails(DatasetErrors.Unreadable, () => Dataset.Read<RolloutRow>(_folder["torn.parquet"]));
        }
    }

    private static IEnumerable<RolloutRow> Rollouts(int rows) => Enumerable.Range(0, rows).Select(row => new RolloutRow
    {
        Step = row / 16, PromptId = ProblemId.Of($"{row / 4}"), Group = row / 4, Prompt = "?", Completion = $"!{row}", Length = row % 7,
        StopReason = "eos", Reward = row % 2, Advantage = row * 0.1,
        Rewards = new Dictionary<string, double> { ["format"] = row % 3, ["accuracy"] = row % 2 },
    });

    private static DatasetException Fails(string code, Action action)
    {
        var error = Assert.Throws<DatasetException>(() => action())!;
        Assert.That(error.Code, Is.EqualTo(code), error.Message);
        return error;
    }

    private sealed record StepAsText : IDatasetRow<StepAsText>
    {
        public static void Write(ColumnWriter columns, IReadOnlyList<StepAsText> rows) => throw new NotSupportedException();

        public static StepAsText[] Read(ColumnReader columns) => [.. columns.Text("step").Select(_ => new StepAsText())];
    }
}
