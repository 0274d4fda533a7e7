using System.Text.Json;
using Pipeline.Protocol.Options;
using Pipeline.Rewards.Code;
using Pipeline.Rewards.Tests.Sandboxes;

namespace Pipeline.Rewards.Tests.Code;

public class CodeRewardTests
{
    private const string Doubles = """{"inputs": ["1\n", "2\n"], "outputs": ["2\n", "4.0\n"]}""";
    private const string Sorts = """{"fn_name": "f", "inputs": [[[3, 1, 2]], [[]]], "outputs": [[1, 2, 3], []]}""";
    private const string Asserts = """{"test_list": ["assert f(1) == 2", "assert f(0) == 1"]}""";

    private static readonly RewardScore s_right = new(1, RewardOutcome.Correct);
    private static readonly RewardScore s_wrong = new(0, RewardOutcome.Wrong);
    private static readonly RewardScore s_late = new(0, RewardOutcome.Timeout);

    [TestCase("print(int(input()) * 2)", Doubles, true)]
    [TestCase("print(2)", Doubles, false, Description = "right for the first input only")]
    [TestCase("print(int(input()) * 2)\nraise SystemExit(1)", Doubles, false, Description = "the right output of a program that failed")]
    [TestCase("if __name__ == '__main__':\n  import sys\n  for line in sys.stdin: print(' ', 2 * int(line), ' ')", Doubles, true)]
    [TestCase("def f(a): return sorted(a)", Sorts, true)]
    [TestCase("class Solution:\n  def f(self, a: List[int]) -> List[int]:\n    return tuple(sorted(a))", Sorts, true, Description = "LeetCode's form")]
    [TestCase("print('[1, 2, 3]')\ndef f(a): return a", Sorts, false)]
    [TestCase("def f(a): exit(0)", Sorts, false)]
    [TestCase("import os\nos._exit(0)", Sorts, false)]
    [TestCase("class All:\n  def __eq__(self, other): return True\ndef f(a): return All()", Sorts, false, Description = "what equals everything is no JSON")]
    [TestCase("def g(a): return a", Sorts, false)]
    [TestCase("def f(", Sorts, false)]
    [TestCase("def f(x): return x + 1", Asserts, true)]
    [TestCase("def f(x): return 2", Asserts, false)]
    [TestCase("raise SystemExit(0)", Asserts, false)]
    [TestCase("import os, sys\nos.write(1, b'{\"value\": null}\\n' * 2)\nos._exit(0)", Asserts, false, Description = "what it prints is no answer")]
    public async Task Score_Python_RunsTheTests(string program, string tests, bool isRight)
    {
        await TestSandbox.OpenAsync();
        Assert.That(new CodeReward(new CodeGrading { TestSeconds = 30 }).Of(Completion(program, tests)), Is.EqualTo(isRight ? s_right : s_wrong));
    }

    [TestCase("console.log(2 * Number(readline()))", Doubles, true)]
    [TestCase("const lines = require('fs').readFileSync(0, 'utf8').split('\\n'); console.log(2 * lines[0])", Doubles, true)]
    [TestCase("console.log(2)", Doubles, false)]
    [TestCase("function f(a) { return [...a].sort((x, y) => x - y); }", Sorts, true)]
    [TestCase("const f = a => [...a].sort();", Sorts, true)]
    [TestCase("function f(a) { return a; }", Sorts, false)]
    [TestCase("function f(a) {", Sorts, false)]
    [TestCase("function f(a) { throw 1; }", Sorts, false)]
    [TestCase("function f(a) { return f(a); }", Sorts, false, Description = "endless recursion")]
    [TestCase("function f(a) { let all = []; while (true) all.push('x'.repeat(1 << 20) + all.length); }", Sorts, false, Description = "memory bomb")]
    [TestCase("while (true) console.log('x'.repeat(1 << 19))", Doubles, false, Description = "endless output")]
    [TestCase("function f(a) { return System.IO.File.ReadAllText('/etc/passwd'); }", Sorts, false)]
    [TestCase("function f(a) { return importNamespace('System'); }", Sorts, false)]
    [TestCase("function f(a) { return require('net'); }", Sorts, false)]
    public void Score_JavaScript_RunsTheTestsWithoutASandbox(string program, string tests, bool isRight) =>
        Assert.That(JavaScript(seconds: 30).Of(Completion(program, tests, "js")), Is.EqualTo(isRight ? s_right : s_wrong));

    [TestCase("while (true) ;")]
    [TestCase("/(a+)+$/.test('a'.repeat(60) + 'b')")]
    public void Score_JavaScriptThatNeverEnds_IsATimeout(string program) =>
        Assert.That(JavaScript(seconds: 1).Of(Completion(program, Doubles, "js")), Is.EqualTo(s_late));

    [TestCase("while True: pass", Doubles)]
    [TestCase("def f(a):\n  while True:\n    try:\n      while True: pass\n    except BaseException: pass", Sorts)]
    [TestCase("import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\ndef f(a):\n  while True: pass", Sorts, Description = "deaf to the alarm, but not to the sandbox")]
    public async Task Score_PythonThatNeverEnds_IsATimeout(string program, string tests)
    {
        await TestSandbox.OpenAsync();
        Assert.That(new CodeReward(new CodeGrading { TestSeconds = 1, TotalSeconds = 1 }).Of(Completion(program, tests)), Is.EqualTo(s_late));
    }

    [Test]
    public void Score_Partial_IsTheShareOfTestsPassed()
    {
        const string three = """{"inputs": ["1", "2", "3"], "outputs": ["2", "4", "6"]}""";
        var reward = new CodeReward(new CodeGrading { Language = CodeLanguage.JavaScript }, partial: true);
        var score = reward.Of(Completion("const n = readline(); console.log(n == 1 ? 0 : 2 * n)", three, "js"));
        Assert.That(score, Is.EqualTo(new RewardScore(2 / 3.0, RewardOutcome.Wrong)), "2 of 3");
    }

    [Test]
    public void Score_WithoutProgramTestsOrTruth_SaysWhich()
    {
        var reward = JavaScript(seconds: 1);
        Assert.That(reward.Of(Completions.Of("no code", Doubles)), Is.EqualTo(new RewardScore(0, RewardOutcome.NoAnswer)));
        Assert.That(reward.Of(Completions.Of("```\n1\n```", "42")).Outcome, Is.EqualTo(RewardOutcome.GoldUnparsable));
        Assert.That(reward.Of(Completions.Of("```\n1\n```")), Is.EqualTo(RewardScore.NotApplicable));
    }

    [Test]
    public async Task Score_Batch_KeepsItsOrder()
    {
        var inputs = Enumerable.Range(0, 20).Select(row => Completion($"console.log({row})", JsonSerializer.Serialize(new { inputs = new[] { "" }, outputs = new[] { $"{row / 2 * 2}" } }), "js")).ToList();
        var scores = await JavaScript(seconds: 30).ScoreAsync(inputs, CancellationToken.None);
        Assert.That(scores.Select(score => score.Value), Is.EqualTo(Enumerable.Range(0, 20).Select(row => row % 2 == 0 ? 1.0 : 0)), "the even rows are right");
    }

    [TestCase("1 2\n", "1 2", true)]
    [TestCase("1  2 \n\n", "1 2", true)]
    [TestCase("0.50 1e3", "0.5 1000", true)]
    [TestCase("1\n2", "1 2", false, Description = "lines are kept apart")]
    [TestCase("100000000000000000001", "100000000000000000002", false, Description = "integers are exact")]
    [TestCase("0.333333", "0.3333333333333333", false)]
    [TestCase("YES", "Yes", false)]
    [TestCase("", "1", false)]
    public void SameText_Output_ComparesWordsAndNumbers(string output, string expected, bool same) =>
        Assert.That(Comparison.SameText(output, expected), Is.EqualTo(same));

    private static CodeReward JavaScript(int seconds) => new(new CodeGrading { Language = CodeLanguage.JavaScript, TestSeconds = seconds, MemoryMegabytes = 64 });

    private static RewardInput Completion(string program, string tests, string mark = "python") => Completions.Of($"<think>\nhm\n</think>\n```{mark}\n{program}\n```", tests);
}
