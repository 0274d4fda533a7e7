using Pipeline.Datasets;
using Pipeline.Datasets.Parquet;
using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.Evaluation.Problems;
using Pipeline.Stages.Tests.Harness;

namespace Pipeline.Stages.Tests.Evaluation;

public sealed class ProblemFileTest
{
    private TestFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = new TestFolder();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public void Gsm8k_Row_HasItsAnswerAfterTheMark()
    {
        var problem = Read(BenchmarkPreset.Gsm8k, """{"question": "How many?", "answer": "She makes 9 * 2 = $<<9*2=18>>18.\n#### 1,018"}""");
        Assert.That(problem.Row.GroundTruth, Is.EqualTo("1,018"));
        Assert.That(problem.Row.Prompt.Single().Content, Is.EqualTo("How many?\n\nPlease reason step by step, and put your final answer within \\boxed{}."));
    }

    [Test]
    public void Math500_Row_HasLevelSubjectAndName()
    {
        var problem = Read(BenchmarkPreset.Math500,
            """{"problem": "Half of one?", "solution": "…", "answer": "\\frac12", "subject": "Algebra", "level": 2, "unique_id": "test/algebra/1.json"}""");
        Assert.That((problem.Row.GroundTruth, problem.Level, problem.Subject, problem.Row.ProblemId), Is.EqualTo((@"\frac12", "2", "Algebra", "test/algebra/1.json")));
    }

    [TestCase("""{"ID": "2024-I-1", "Problem": "Find m + n.", "Answer": 204}""")]
    [TestCase("""{"id": "2024-I-1", "question": "Find m + n.", "answer": "204"}""")]
    public void Aime_Row_IsReadAsItsCollectionsWriteIt(string row)
    {
        var problem = Read(BenchmarkPreset.Aime, row);
        Assert.That((problem.Row.GroundTruth, problem.Row.ProblemId), Is.EqualTo(("204", "2024-I-1")));
    }

    [Test]
    public void Gpqa_Rows_AreShuffledByQuestionAndTheLetterFollowsTheRightChoice()
    {
        var letters = new HashSet<string>();
        for (var number = 0; number < 20; number++)
        {
            var row = $$"""{"Question": "Question {{number}}?", "Correct Answer": "right", "Incorrect Answer 1": "x", "Incorrect Answer 2": "y", "Incorrect Answer 3": "z", "High-level domain": "Physics"}""";
            var problem = Read(BenchmarkPreset.Gpqa, row);
            Assert.That(problem.Row.Prompt[0].Content, Does.Contain($"\n{problem.Row.GroundTruth}) right"));
            Assert.That(Read(BenchmarkPreset.Gpqa, row).Row.Prompt[0].Content, Is.EqualTo(problem.Row.Prompt[0].Content), "for every model the same");
            letters.Add(problem.Row.GroundTruth);
        }
        Assert.That(letters, Is.EquivalentTo(new[] { "A", "B", "C", "D" }));
    }

    [Test]
    public void LiveCodeBench_Rows_AreAboutAProgramOrAFunction()
    {
        const string rest = """
            "private_test_cases": "[]", "question_id": "1873_A", "difficulty": "easy", "platform": "codeforces" }
            """;
        var program = Read(BenchmarkPreset.LiveCodeBench, $$"""
            { "question_content": "Add.", "starter_code": "", "metadata": "{}", "public_test_cases": "[{\"input\": \"1\", \"output\": \"2\", \"testtype\": \"stdin\"}]", {{rest}}
            """.ReplaceLineEndings(""));
        var function = Read(BenchmarkPreset.LiveCodeBench, $$"""
            { "question_content": "Add.", "starter_code": "def add(a):\n", "metadata": "{\"func_name\": \"add\"}", "public_test_cases": "[{\"input\": \"1\", \"output\": \"2\", \"testtype\": \"functional\"}]", {{rest}}
            """.ReplaceLineEndings(""));
        Assert.That(new[] { program, function }.Select(problem => Verifier.CanJudge(problem.Row.Ability, problem.Row.GroundTruth)), Is.All.True);
        Assert.That((program.Row.Ability, program.Row.ProblemId, program.Level, program.Subject), Is.EqualTo(("code", "1873_A", "easy", "codeforces")));
        Assert.That(program.Row.Prompt[0].Content, Does.StartWith("Add.\n\nWrite a Python program that reads standard input"));
        Assert.That(function.Row.Prompt[0].Content, Does.EndWith("```python\ndef add(a):\n```"));
    }

    [Test]
    public void NamedColumns_OfAParquetFile_AreTextOrNumbers()
    {
        // The columns of an evaluation's own table serve as a foreign file: texts, integers and a number that may be null.
        var path = _folder.Of("any.parquet");
        Dataset.Write(path, [new Stages.Evaluation.ProblemResult { ProblemId = "2 + 3", Level = "easy", Graded = 5, Correct = 1, MeanLength = 0.5 }]);
        var options = new EvaluationOptions { Instruction = "", Columns = new() { Problem = "problem_id", Answer = "graded", Subject = "mean_length" } };
        var problem = ProblemFile.Read(path, options).Single();
        Assert.That((problem.Row.Prompt[0].Content, problem.Row.GroundTruth, problem.Level, problem.Subject), Is.EqualTo(("2 + 3", "5", "easy", "0.5")));
    }

    [Test]
    public void Limit_OfAFile_TakesRowsFromTheStart()
    {
        var path = Write("""{"problem": "a", "answer": "1"}""", "", """{"problem": "b", "answer": "2"}""", "not json");
        Assert.That(ProblemFile.Read(path, new() { Limit = 2 }).Select(problem => problem.Row.GroundTruth), Is.EqualTo(new[] { "1", "2" }));
    }

    [Test]
    public void File_ThatIsNotWhatItShouldBe_SaysWhere()
    {
        Assert.That(() => Read(BenchmarkPreset.Gsm8k, """{"problem": "a", "answer": "1"}"""),
            Throws.TypeOf<DatasetException>().With.Message.Contains("line 1 of").And.Message.Contains("has no column question; it has problem, answer"));
        Assert.That(() => ProblemFile.Read(Write("""{"problem": "a", "answer": "1"}""", "[1]"), new()), Throws.TypeOf<DatasetException>().With.Message.Contains("Line 2 of"));
        Assert.That(() => ProblemFile.Read(_folder.Of("none.jsonl"), new()), Throws.TypeOf<DatasetException>());
        Assert.That(() => ProblemFile.Read(Write(""), new()), Throws.TypeOf<DatasetException>().With.Message.Contains("no rows"));
    }

    private Problem Read(BenchmarkPreset preset, string row) => ProblemFile.Read(Write(row), new() { Preset = preset }).Single();

    private string Write(params string[] lines)
    {
        var path = _folder.Of("problems.jsonl");
        File.WriteAllLines(path, lines);
        return path;
    }
}
