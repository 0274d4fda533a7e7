using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Datasets.Sources;
using Pipeline.Datasets.Tables;

namespace Pipeline.Datasets.Tests.Sources;

/// <summary>Datasets as TRL, verl, open-r1, open-instruct, GSM8K and MATH have them.</summary>
public sealed class ConversionTests
{
    private readonly List<RowProblem> _problems = [];
    private TestFolder _folder = null!;

    [SetUp] public void SetUp() => _folder = new TestFolder();

    [TearDown] public void TearDown() => _folder.Dispose();

    [Test]
    public void Gsm8k_TheNumberBehindTheMark_IsTheGroundTruth()
    {
        var rows = Converted<PromptRow>(Excerpt("gsm8k.jsonl"), "gsm8k");
        Assert.That(rows.Select(row => row.GroundTruth), Is.EqualTo(new[] { "72", "10", "5", "42", "624" }));
        Assert.That(rows[0].Prompt.Single().Content, Does.StartWith("Natalia sold clips to 48 of her friends"));
        Assert.That((rows[3].DataSource, rows[3].Index, rows[3].RewardStyle), Is.EqualTo(("gsm8k", 3, "rule")));
    }

    [Test]
    public void Gsm8k_Thousands_LoseTheirCommas() =>
        Assert.That(Lines<PromptRow>("gsm8k", """{"question": "q", "answer": "so\n#### 1,234,567"}""").Single().GroundTruth, Is.EqualTo("1234567"));

    [Test]
    public void Math_TheAnswerColumn_GoesBeforeTheBox()
    {
        var rows = Converted<PromptRow>(Excerpt("math500.jsonl"), "math");
        Assert.That(rows, Has.Count.EqualTo(4));
        Assert.That(rows.Select(row => row.GroundTruth), Is.EqualTo(new[] { @"\frac{14}{3}", "9", "27", @"3\sqrt{13}" }));
    }

    [TestCase(@"so \\boxed{1} or \\boxed{\\frac{1}{2}}.", @"\frac{1}{2}")]
    [TestCase(@"$\\boxed 5$", "5")]
    [TestCase(@"\\fbox{x^{2}}", "x^{2}")]
    public void Math_WithoutAnswerColumn_TakesTheLastBox(string solution, string truth) =>
        Assert.That(Lines<PromptRow>("math", $$"""{"problem": "p", "solution": "{{solution}}"}""").Single().GroundTruth, Is.EqualTo(truth));

    [Test]
    public void Verl_KeepsItsFields()
    {
        var row = Lines<PromptRow>("verl", """{"data_source": "openai/gsm8k", "prompt": [{"role": "user", "content": "q"}], "ability": "math", "reward_model": {"style": "rule", "ground_truth": 72}, "extra_info": {"split": "train", "index": 4, "answer": "a"}}""").Single();
        Assert.That((row.DataSource, row.GroundTruth, row.Index, row.Split), Is.EqualTo(("openai/gsm8k", "72", 4, "train")));
    }

    [Test]
    public void OpenInstruct_RewardedRows_LoseTheirAnswerAndOpenTheList()
    {
        var rows = Lines<PromptRow>("open-instruct",
            """{"messages": [{"role": "user", "content": "q"}], "ground_truth": "3", "dataset": "gsm8k"}""",
            """{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}], "ground_truth": ["4"], "dataset": ["math"]}""");
        Assert.That(rows.Select(row => (row.GroundTruth, row.DataSource, row.Prompt.Count)), Is.EqualTo(new[] { ("3", "gsm8k", 1), ("4", "math", 1) }));
    }

    [Test]
    public void OpenR1_ProblemsWithGenerations_ArePrompts() => Assert.That(
        Lines<PromptRow>("math", """{"problem": "p", "solution": "s", "answer": "7", "source": "olympiads", "generations": ["a", "b"], "messages": [{"role": "user", "content": "p"}]}""").Single(),
        Has.Property("GroundTruth").EqualTo("7").And.Property("DataSource").EqualTo("olympiads"));

    [Test]
    public void Trl_EachOfItsForms_IsFound()
    {
        Assert.That(Lines<SftRow>("messages", """{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}], "source": "s"}""").Single().Source, Is.EqualTo("s"));
        Assert.That(Lines<SftRow>("messages", """{"conversations": [{"from": "human", "value": "q"}, {"from": "gpt", "value": "a"}]}""").Single().Messages.Select(turn => turn.Role), Is.EqualTo(new[] { "user", "assistant" }));
        Assert.That(Lines<SftRow>("trl-completion", """{"prompt": "q", "completion": "a"}""").Single().Messages.Select(turn => turn.Content), Is.EqualTo(new[] { "q", "a" }));
        Assert.That(Lines<PointwiseRow>("trl-label", """{"prompt": "q", "completion": "a", "label": false}""").Single().Label, Is.False);
        Assert.That(Lines<PromptRow>("trl-truth", """{"prompt": [{"role": "user", "content": "q"}], "solution": "$\\boxed{6}$"}""").Single().GroundTruth, Is.EqualTo("6"));
        Assert.That(Lines<PromptRow>("trl-prompt", """{"prompt": "q"}""").Single().RewardStyle, Is.EqualTo("model"));
        Assert.That(Lines<TextRow>("text", """{"text": "t"}""").Single().Text, Is.EqualTo("t"));
    }

    [Test]
    public void Preferences_WithThePromptInBothSides_HaveItOnce()
    {
        var rows = Lines<PreferenceRow>("preference",
            """{"chosen": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "good"}], "rejected": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "bad"}]}""",
            """{"prompt": "q", "chosen": "good", "rejected": "bad"}""",
            """{"chosen": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "q"}, {"role": "assistant", "content": "good"}], "rejected": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "q"}, {"role": "assistant", "content": "bad"}]}""");
        Assert.That(rows.Select(row => (row.Prompt.Count, row.Prompt[^1].Content, row.Chosen, row.Rejected)), Is.EqualTo(new[]
        {
            (1, "q", "good", "bad"), (1, "q", "good", "bad"), (3, "q", "good", "bad"),
        }));
    }

    [TestCase("""{"question": "q", "answer": "no mark"}""", RowErrors.NoAnswer, "answer")]
    [TestCase("""{"question": " ", "answer": "#### 1"}""", RowErrors.Empty, "question")]
    [TestCase("""{"question": null, "answer": "#### 1"}""", RowErrors.Missing, "question")]
    [TestCase("""{"question": ["q"], "answer": "#### 1"}""", RowErrors.Type, "question")]
    [TestCase("{torn", RowErrors.Unreadable, null)]
    [TestCase("{\"question\": \"\uFFFD\", \"answer\": \"#### 1\"}", RowErrors.Encoding, null)]
    public void ARowThatIsNotAsTheSchemaSays_IsNamed(string line, string code, string? column)
    {
        Assert.That(Lines<PromptRow>("gsm8k", """{"question": "q", "answer": "#### 1"}""", line), Has.Count.EqualTo(1));
        Assert.That(_problems.Select(problem => (problem.Row, problem.Code, problem.Column)), Is.EqualTo(new[] { (2L, code, column) }));
        Assert.That(_problems[0].ToString(), Does.StartWith($"{_folder["rows.jsonl"]}: row 2: "));
    }

    [TestCase("""{"messages": [{"role": "user", "content": "q"}]}""", RowErrors.Turns)]
    [TestCase("""{"messages": []}""", RowErrors.Empty)]
    [TestCase("""{"messages": [{"role": "user"}]}""", RowErrors.Missing)]
    [TestCase("""{"messages": [{"role": "user", "content": 3}]}""", RowErrors.Type)]
    public void AConversationThatTeachesNothing_IsNamed(string line, string code)
    {
        Lines<SftRow>("messages", """{"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}""", line);
        Assert.That(_problems.Select(problem => problem.Code), Is.EqualTo(new[] { code }));
    }

    [Test]
    public void SidesThatAreTheSame_AreNamed()
    {
        Lines<PreferenceRow>("preference", """{"prompt": "q", "chosen": "a", "rejected": "b"}""", """{"prompt": "q", "chosen": "a", "rejected": "a"}""");
        Assert.That(_problems.Select(problem => problem.Code), Is.EqualTo(new[] { RowErrors.SameSides }));
    }

    [Test]
    public void ColumnsOfNoSchema_AreToldWithThoseThatAreKnown()
    {
        File.WriteAllText(_folder["rows.csv"], "Frage,Antwort\na,b\n");
        Assert.That(() => SourceSchemas.Detect(Table.Open(_folder["rows.csv"]), Renaming.None),
            Throws.TypeOf<DatasetException>().With.Message.Contains("Frage, Antwort").And.Message.Contains("--rename").And.Message.Contains("gsm8k"));
        Assert.That(SourceSchemas.Detect(Table.Open(_folder["rows.csv"]), Renaming.Parse(["Frage=prompt", "Antwort=completion"]))[0].Name, Is.EqualTo("trl-completion"));
    }

    private static string Excerpt(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Sources", name);

    private IReadOnlyList<TRow> Lines<TRow>(string schema, params string[] lines) where TRow : IDatasetRow<TRow>
    {
        File.WriteAllLines(_folder["rows.jsonl"], lines);
        return Converted<TRow>(_folder["rows.jsonl"], schema);
    }

    private IReadOnlyList<TRow> Converted<TRow>(string path, string schema) where TRow : IDatasetRow<TRow>
    {
        var table = Table.Open(path);
        var found = SourceSchemas.Detect(table, Renaming.None)[0];
        Assert.That(found.Name, Is.EqualTo(schema));
        _problems.Clear();
        new Conversion(table, found, Renaming.None, Path.GetFileNameWithoutExtension(path), _problems.Add).Write(_folder["out.parquet"]);
        return Dataset.Read<TRow>(_folder["out.parquet"]);
    }
}
