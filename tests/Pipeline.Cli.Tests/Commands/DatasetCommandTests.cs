using System.Text.Json;
using Pipeline.Cli.Output;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Microsoft.Extensions.Time.Testing;

namespace Pipeline.Cli.Tests.Commands;

/// <summary><c>pipeline dataset …</c>.</summary>
public sealed class DatasetCommandTests : CommandTest
{
    private static readonly string[] s_rows =
    [
        """{"question": "How many are 2 and 3?", "answer": "2+3=5\n#### 5"}""",
        """{"question": "How many are  2 and 3?", "answer": "2+3=5\n#### 5"}""",
        """{"question": "How many are 4 and 3?", "answer": "I do not know."}""",
    ];

    [Test]
    public async Task Head_ShowsTheFirstRows_AndNothingThatSteersTheTerminal()
    {
        var file = File("rows.jsonl", """{"question": "a\u001b[2Jb"}""", """{"question": "second"}""");
        var result = await Bench.Call("dataset", "head", file, "-n", "1");
        Assert.That((result.ExitCode, result.Out), Is.EqualTo((0, "row 1\n  question: a^[[2Jb\n")));
        Assert.That((await Bench.Call("dataset", "head", file, "--json")).Json[1].GetProperty("fields").GetProperty("question").GetString(), Is.EqualTo("second"));
    }

    [Test]
    public async Task Stats_CountsRowsAndRepeats()
    {
        var file = File("rows.jsonl", s_rows);
        Assert.That((await Bench.Call("dataset", "stats", file)).Out, Does.StartWith("3 rows; 0 (0 %) unreadable, 0 (0 %) empty, 1 (33.3 %) repeat an earlier row"));
        var json = (await Bench.Call("dataset", "stats", file, "--json")).Json;
        Assert.That((json.GetProperty("rows").GetInt32(), json.GetProperty("characters").GetProperty("prompt").GetProperty("shortest").GetInt32()), Is.EqualTo((3, 21)));
    }

    [Test]
    public async Task Validate_ARowWithoutAnswer_IsNamedWithColumnAndRemedy()
    {
        var file = File("rows.jsonl", s_rows);
        var result = await Bench.Call("dataset", "validate", file);
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((1, $"{file}: row 3: column 'answer' has no final answer behind '####'. Add it, or drop the row. (ROW_NO_ANSWER)\n")));
        Assert.That(result.Out, Is.EqualTo("gsm8k: 2 rows valid as prompts, 1 not (1 ROW_NO_ANSWER).\n"));
        var json = (await Bench.Call("dataset", "validate", file, "--json")).Json;
        Assert.That(json.GetProperty("problems")[0].GetProperty("row").GetInt32(), Is.EqualTo(3));
        Assert.That((await Bench.Call("dataset", "validate", File("good.jsonl", s_rows[..2]))).ExitCode, Is.Zero);
    }

    [Test]
    public async Task Convert_WritesWhatStagesRead_AndLeavesOutWhatIsBroken()
    {
        var output = Path.Combine(Bench.Folder, "prompts.parquet");
        var result = await Bench.Call("dataset", "convert", File("rows.jsonl", s_rows), "-o", output, "--source", "sums");
        Assert.That((result.ExitCode, result.Out), Is.EqualTo((1, $"gsm8k: 2 rows written as prompts to {output}, 1 left out.\n")));
        Assert.That(Dataset.Read<PromptRow>(output).Select(row => (row.GroundTruth, row.DataSource)), Is.All.EqualTo(("5", "sums")));
        var renamed = await Bench.Call("dataset", "convert", File("rows.jsonl", s_rows), "-o", output, "--rename", "question=prompt", "--rename", "answer=completion", "--json");
        Assert.That((renamed.ExitCode, renamed.Json.GetProperty("becomes").GetString(), renamed.Json.GetProperty("schema").GetString()), Is.EqualTo((0, "conversations", "trl-completion")));
    }

    [Test]
    public async Task Split_PutsRowsOfOnePromptIntoOnePart()
    {
        var rows = Enumerable.Range(0, 400).Select(row => $$"""{"prompt": "problem {{row % 200}}", "completion": "{{row}}"}""").ToArray();
        var result = await Bench.Call("dataset", "split", File("rows.jsonl", rows), "-o", Bench.Folder, "--test", "0.25", "--validation", "0.25", "--seed", "3");
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        var parts = new[] { "train", "test", "validation" }.Select(part => System.IO.File.ReadAllLines(Path.Combine(Bench.Folder, $"{part}.jsonl"))).ToList();
        Assert.That(parts.SelectMany(part => part), Is.EquivalentTo(rows));
        var prompts = parts.Select(part => part.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("prompt").GetString()).ToHashSet()).ToList();
        Assert.That(prompts.Sum(part => part.Count), Is.EqualTo(200), "no prompt is in two parts");
        Assert.That(parts.Select(part => part.Length), Is.All.GreaterThan(50));
    }

    [Test]
    public async Task DedupAndDecontaminate_TellWhatTheyTookOut()
    {
        var output = Path.Combine(Bench.Folder, "out.jsonl");
        var removed = Path.Combine(Bench.Folder, "removed.jsonl");
        var dedup = await Bench.Call("dataset", "dedup", File("rows.jsonl", s_rows), "-o", output, "--removed", removed);
        Assert.That(dedup.Out, Does.StartWith("row 2 repeats row 1: How many are  2 and 3?").And.Contain("3 rows: 2 kept").And.Contain("1 duplicate"));
        Assert.That(JsonDocument.Parse(System.IO.File.ReadAllText(removed)).RootElement.GetProperty("reason").GetString(), Is.EqualTo("duplicate"));

        var against = File("eval.jsonl", """{"problem": "how many are 4 and 3"}""");
        var clean = (await Bench.Call("dataset", "decontaminate", output, "-o", Path.Combine(Bench.Folder, "clean.jsonl"), "--against", against, "--json")).Json;
        Assert.That(clean.GetProperty("removed").GetProperty("contaminated").GetInt32(), Is.EqualTo(1));
        Assert.That(clean.GetProperty("first")[0].GetProperty("of_file").GetString(), Is.EqualTo(against));
    }

    [TestCase(4, "DATASET_NOT_FOUND", "stats", "nowhere.jsonl")]
    [TestCase(2, "DATASET_FORMAT", "dedup", "rows.jsonl", "-o", "out.parquet")]
    [TestCase(2, "DATASET_OUTPUT", "dedup", "rows.jsonl", "-o", "rows.jsonl")]
    [TestCase(2, "DATASET_SCHEMA", "validate", "rows.jsonl", "--from", "gsm9k")]
    [TestCase(2, "DATASET_SHARES", "split", "rows.jsonl", "-o", "out", "--test", "1")]
    [TestCase(2, "USAGE", "dedup", "rows.jsonl", "-o", "out.jsonl", "--near", "0.1")]
    public async Task ACommandThatCannotBeDone_SaysWhyInOneLine(int exitCode, string code, params string[] arguments)
    {
        File("rows.jsonl", s_rows);
        var result = await Bench.Call(["dataset", .. arguments.Select(argument => argument.Contains('.') && !double.TryParse(argument, out _) || argument == "out" ? Path.Combine(Bench.Folder, argument) : argument)]);
        Assert.That((result.ExitCode, result.Out), Is.EqualTo((exitCode, "")), result.Error);
        Assert.That(result.Error, Does.StartWith($"error {code}: "));
    }

    [Test]
    public void Progress_AppearsAfterTwoSeconds_WithTheTimeLeft()
    {
        var (error, clock) = (new StringWriter(), new FakeTimeProvider());
        using (var line = new ProgressLine(new Terminal(new StringWriter(), error, IsInteractive: true), "reading", clock))
        {
            clock.Advance(TimeSpan.FromSeconds(1.9));
            line.Report(100, 0.1);
            Assert.That(error.ToString(), Is.Empty);
            clock.Advance(TimeSpan.FromSeconds(3.1));
            line.Report(1000, 0.25);
            // A quarter took 5 s: 15 s are left.
            Assert.That(error.ToString(), Is.EqualTo("\rreading row 1,000 (25 %), 200 rows/s, 15 s left"));
        }
        Assert.That(error.ToString(), Does.EndWith(" \r"));
    }

    private string File(string name, params string[] lines)
    {
        var path = Path.Combine(Bench.Folder, name);
        System.IO.File.WriteAllLines(path, lines);
        return path;
    }
}
