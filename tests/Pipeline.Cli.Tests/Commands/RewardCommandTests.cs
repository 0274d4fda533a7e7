using System.Text.Json;
using Pipeline.Cli.Rewarding;
using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Cli.Tests.Commands;

/// <summary><c>pipeline reward</c> on files of several schemas.</summary>
public sealed class RewardCommandTests : CommandTest
{
    [Test]
    public async Task Reward_JsonLinesOfSeveralSchemas_WritesScoreAndOutcomeAndCountsThem()
    {
        var input = Lines(
            """{"prompt": "1/2?", "completion": "<answer>0.5</answer>", "ground_truth": "\\frac12"}""",
            """{"prompt": [{"role": "user", "content": "x?"}], "completion": [{"role": "assistant", "content": "\\boxed{x=6}"}], "solution": "5"}""",
            """{"input": "2+3?", "output": "none", "gts": "5", "score": 0}""",
            """{"prompt": "q", "response": "<answer>\\frac{1}{</answer>", "reward_model": {"style": "rule", "ground_truth": 5}}""",
            """{"prompt": "q", "completion": "\\boxed{9^{9^9}}", "answer": "5"}""",
            """{"prompt": "q", "completion": "\\boxed{5}", "ground_truth": "3/0"}""",
            """{"prompt": "q", "completion": "\\boxed{5}"}""");
        var result = await Bench.Call("reward", "accuracy", "-i", input, "-o", Output("jsonl"), "--json");
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((0, "")));
        var rows = File.ReadLines(Output("jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.That(rows.Select(row => row.GetProperty("outcome").GetString()), Is.EqualTo(new[]
        {
            "correct", "wrong", "no_answer", "answer_unparsable", "timeout", "gold_unparsable", "not_applicable",
        }));
        Assert.That(rows[0].GetProperty("score").GetDouble(), Is.EqualTo(1));
        Assert.That(rows[0].GetProperty("answer").GetString(), Is.EqualTo("0.5"));
        Assert.That(rows[5].TryGetProperty("score", out _), Is.False, "the ground truth is to blame");
        // Of seven rows five have a score, one of them 1.
        var counts = JsonDocument.Parse(result.Out).RootElement;
        Assert.That((counts.GetProperty("rows").GetInt32(), counts.GetProperty("mean_score").GetDouble()), Is.EqualTo((7, 0.2)));
        Assert.That(counts.GetProperty("outcomes").EnumerateObject().Select(outcome => outcome.Value.GetInt32()), Is.All.EqualTo(1));
    }

    [Test]
    public async Task Reward_ParquetInAndOut_KeepsTheOrderOverManyThreads()
    {
        var input = Path.Combine(Bench.Folder, "rollouts.parquet");
        Dataset.Write(input, Enumerable.Range(0, 500).Select(number => new RolloutRow
        {
            Step = 1, PromptId = "p", Group = 0, Prompt = $"{number}?", Completion = $"<answer>{number % 3}</answer>", GroundTruth = "1",
            Length = 1, StopReason = "eos", Reward = 0, Advantage = 0,
        }));
        var result = await Bench.Call("reward", "accuracy", "--input", input, "--output", Output("parquet"));
        Assert.That(result.ExitCode, Is.Zero);
        var rows = Dataset.Read<ScoredRow>(Output("parquet"));
        Assert.That(rows.Select(row => row.Row), Is.EqualTo(Enumerable.Range(1, 500)));
        Assert.That(rows.Select(row => row.Score), Is.EqualTo(Enumerable.Range(0, 500).Select(number => number % 3 == 1 ? 1.0 : 0.0)));
        Assert.That(result.Out, Does.Contain("wrong").And.Contain("333").And.Contain("66.6 %").And.Contain("500 rows, mean score 0.334."));
    }

    [Test]
    public async Task Reward_ParquetOfVerl_ReadsMessagesAndTheNestedGroundTruth()
    {
        var input = Path.Combine(Bench.Folder, "prompts.parquet");
        Dataset.Write(input, [new PromptRow([new ChatMessage("user", "2+3?")], "5")]);
        var result = await Bench.Call("reward", "accuracy", "-i", input, "-o", Output("jsonl"));
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((2, "row 1 has none of the columns completion, response, output; it is left out." + Environment.NewLine
            + $"error REWARD_INPUT: There is no row to score in {input}." + Environment.NewLine)));
    }

    [Test]
    public async Task Reward_Settings_AreThoseOfThePipelineFile()
    {
        var input = Lines("""{"completion": "<think>a</think>b"}""", """{"completion": "a b a b a b"}""");
        Assert.That((await Bench.Call("reward", "format", "-i", input, "-o", Output("jsonl"), "--with", "profile=r1")).ExitCode, Is.Zero);
        Assert.That(Scores(), Is.EqualTo(new[] { 1.0, 0 }));
        // "a b", "b a", "a b", "b a", "a b": three of five were there before.
        Assert.That((await Bench.Call("reward", "repetition", "-i", input, "-o", Output("jsonl"), "--with", "ngram=2")).ExitCode, Is.Zero);
        Assert.That(Scores()[1], Is.EqualTo(-0.6).Within(1e-12));
    }

    [Test]
    public async Task Reward_RowsNobodyCanRead_AreNamedByNumberAndLeftOut()
    {
        var input = Lines("""{"completion": "<think>a</think>b"}""", "", "{torn", "[1]", """{"prompt": "only"}""");
        var result = await Bench.Call("reward", "format", "-i", input, "-o", Output("jsonl"));
        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error.Split(Environment.NewLine), Is.EqualTo(new[] { "row 3 is not JSON", "row 4 is not a JSON object", "row 5 has none of the columns", "" })
            .Using<string>((found, expected) => found.StartsWith(expected, StringComparison.Ordinal)));
        Assert.That(File.ReadLines(Output("jsonl")).Count(), Is.EqualTo(1));
    }

    [TestCase("acuracy", "", "accuracy")]
    [TestCase("format", "profil=r1", "profile")]
    [TestCase("repetition", "ngram=many", "a whole number")]
    [TestCase("repetition", "ngram", "key=value")]
    [TestCase("reward_model", "model=x", "weights")]
    [TestCase("soft_overlong", "", "limit")]
    public async Task Reward_MistakenRewardOrSetting_SaysWhatWasProbablyMeant(string name, string setting, string advice)
    {
        string[] with = setting.Length == 0 ? [] : ["--with", setting];
        var result = await Bench.Call(["reward", name, "-i", Lines("{}"), "-o", Output("jsonl"), .. with]);
        Assert.That((result.ExitCode, result.Out), Is.EqualTo((2, "")));
        Assert.That(result.Error, Does.Contain(advice));
    }

    [Test]
    public async Task Reward_MissingInput_IsNotFound()
    {
        var result = await Bench.Call("reward", "accuracy", "-i", Path.Combine(Bench.Folder, "none.jsonl"), "-o", Output("jsonl"));
        Assert.That((result.ExitCode, result.Error), Is.EqualTo((4, $"error REWARD_INPUT: There is no file {Path.Combine(Bench.Folder, "none.jsonl")}." + Environment.NewLine)));
    }

    private string Output(string extension) => Path.Combine(Bench.Folder, $"scored.{extension}");

    private double[] Scores() => [.. File.ReadLines(Output("jsonl")).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("score").GetDouble())];

    private string Lines(params string[] lines)
    {
        var path = Path.Combine(Bench.Folder, "rows.jsonl");
        File.WriteAllLines(path, lines);
        return path;
    }
}
