using System.CommandLine;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Parquet;
using Pipeline.Protocol.Jobs;
using Pipeline.Stages.Evaluation;
using Pipeline.Stages.Evaluation.Verb;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests.Evaluation;

public sealed class EvaluateVerbTest
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Evaluate_AFileOfProblems_PrintsTheNumbersByLevelAndKeepsThem()
    {
        File.WriteAllLines(_folder.Of("sums.jsonl"),
        [
            """{"problem": "2 3", "answer": "5", "level": 2}""", """{"problem": "1 1", "answer": "2", "level": 1}""", """{"problem": "4 4", "answer": "8", "level": 2}""",
        ]);
        var (exit, text) = Call("evaluate", "--model", Miniature.Base, "--problems", _folder.Of("sums.jsonl"), "--output", _folder.Of("out"), "--instruction", "",
            "--name", "base", "-k", "2", "--max-tokens", "8", "--cpus", "1");
        Assert.Multiple(() =>
        {
            Assert.That(exit, Is.EqualTo(StageExit.Done));
            Assert.That(text, Does.StartWith("base: 3 problems x 2 completions\n").And.Contains("pass@2").And.Contains("level 1").And.Contains("n 2"));
            Assert.That(Dataset.Read<ProblemResult>(_folder.Of("out", "evaluation", ProblemResult.FileName)).Select(row => (row.Level, row.Graded)),
                Is.EqualTo(new[] { ("2", 2), ("1", 2), ("2", 2) }));
        });
    }

    [Test]
    public void Compare_TwoEvaluations_PairsTheProblemsTheyHaveInCommon()
    {
        // Problems a to f: 1 against 0 on five, equal on one; g is in the second only. Two of 2^5 signs are as large: p = 0.0625.
        Write("first", [.. "abcdef".Select(problem => (problem.ToString(), 4, problem == 'f' ? 2 : 4))]);
        Write("second", [.. "abcdef".Select(problem => (problem.ToString(), 4, problem == 'f' ? 2 : 0)), ("g", 4, 4)]);
        var (exit, text) = Call("evaluate", "compare", _folder.Of("first"), _folder.Of("second"));
        Assert.That(exit, Is.Zero);
        Assert.That(text, Does.StartWith("6 problems in common; 1 are in one of the two only and were left out").And.Contains("+83.3 points").And.Contains("p = 0.0625"));

        var json = JsonNode.Parse(Call("evaluate", "compare", _folder.Of("first"), _folder.Of("second"), "--json").Text)!;
        Assert.That(((int)json["count"]!, (double)json["p_value"]!), Is.EqualTo((6, 0.0625)));
    }

    [Test]
    public void Compare_WithoutResultsByProblem_SaysWhatToGive() =>
        Assert.That(() => Call("evaluate", "compare", _folder.Path, _folder.Path), Throws.TypeOf<ConfigException>().With.Message.Contains("problems.parquet"));

    private (int Exit, string Text) Call(params string[] arguments)
    {
        using var output = new StringWriter();
        var root = new RootCommand();
        root.Subcommands.Add(EvaluateCommand.Create(output));
        var exit = root.Parse(arguments).Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        return (exit, output.ToString().ReplaceLineEndings("\n"));
    }

    private void Write(string name, (string Problem, int Graded, int Correct)[] results)
    {
        Dataset.Write(_folder.Of(name, ProblemResult.FileName), results.Select(result => new ProblemResult
        {
            ProblemId = result.Problem, Graded = result.Graded, Correct = result.Correct, MeanLength = 10,
        }));
        File.WriteAllText(_folder.Of(name, "evaluation.json"), $$"""
            { "name": "{{name}}", "n": 6, "k": 4, "pass_at1": { "value": 0.5, "low": 0.4, "high": 0.6 }, "pass_at_k": 1, "cons_at_k": 1, "format": 1,
              "repetition": 0, "truncation": 0, "mean_length": 10, "reflection": 0 }
            """);
    }
}
