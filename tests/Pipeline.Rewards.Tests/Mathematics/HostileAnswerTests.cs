using Pipeline.Protocol.Options;
using Pipeline.Rewards.Answers;
using Pipeline.Rewards.Mathematics;
using Pipeline.Rewards.Mathematics.Reading;

namespace Pipeline.Rewards.Tests.Mathematics;

/// <summary>Answers that would take for ever, fill the memory or overflow the stack if somebody worked on them.</summary>
public class HostileAnswerTests
{
    private static readonly string[] s_hostile =
    [
        "9^{9^{9^{9}}}", "10^{10^{10}}", "2^{2^{2^{2^{2^{2}}}}}", "(x+y+z+w)^{999}", "(1+x)^{(1+x)^{1000}}", "(((1+x)^{99}+y)^{99}+z)^{99}",
        "1000000!", "((5!)!)!", @"\binom{10^9}{5}", @"\sqrt{\sqrt{\sqrt{\sqrt{\sqrt{(x+1)^{60}+1}+x}^{60}+1}+x}^{60}+1}",
        @"\sqrt{" + new string('7', 900) + "}", "1/" + new string('3', 900), "1e9999", "1e-9999", @"\ln " + new string('9', 900),
        Repeat("(", 900), Repeat("(", 400) + "1" + Repeat(")", 400), Repeat("{", 400) + "1" + Repeat("}", 400), Repeat("-", 900) + "1",
        "2^" + Repeat("-", 900) + "1", "2^" + Repeat("2^", 400) + "2", "x" + Repeat("!", 900), "x" + Repeat("²", 900), Repeat(@"\sin", 200) + "x",
        Repeat(@"\sqrt", 150) + "2", Repeat(@"\frac{1}", 100) + "2", Repeat(@"\text{", 120) + "1" + Repeat("}", 120), Repeat(@"\{", 400) + Repeat(@"\}", 400),
        Repeat("|", 900), Repeat("[1,", 300) + "2" + Repeat("]", 300), Repeat(@"\$", 400) + "1", Repeat(@"\{\pm1,", 100) + "1" + Repeat(@"\}", 100),
        string.Join('+', Enumerable.Range(0, 120).Select(n => $"1/(x+{n})")), string.Join('*', Enumerable.Range(0, 120).Select(n => $"(x+{n})")),
        string.Join('+', Enumerable.Range(2, 100).Select(n => $@"\sqrt{{{n}}}")) + "+1/(1+" + @"\sqrt2+\sqrt3+\sqrt5+\sqrt7)",
        string.Join(',', Enumerable.Range(0, 240).Select(n => $"x{(char)('a' + n % 26)}")), @"\sin(10^{40})", @"e^{e^{e^{e^{5}}}}", "x^{x^{x^{x^{x}}}}",
        @"\begin{pmatrix}" + Repeat("&", 500), Repeat(@"\begin{pmatrix}", 30) + "1" + Repeat(@"\end{pmatrix}", 30), Repeat("1/", 400) + "1", Repeat(@"0.\overline", 80),
    ];

    private static IEnumerable<TestCaseData> Hostile() =>
        s_hostile.Select((text, number) => new TestCaseData(text).SetArgDisplayNames($"{number}: {(text.Length > 40 ? $"{text[..40]}…" : text)}"));

    [TestCaseSource(nameof(Hostile))]
    public void Accuracy_HostileAnswer_ComesToAnEndAndIsNotRight(string answer)
    {
        var score = new Accuracy(AnswerForm.Tags).Score(Completions.Of($"<answer>{answer}</answer>", "12345678987654321"));
        Assert.That(score.Outcome, Is.AnyOf(RewardOutcome.Wrong, RewardOutcome.AnswerUnparsable, RewardOutcome.Timeout));
    }

    [TestCaseSource(nameof(Hostile))]
    public void Matches_TwoHostileAnswers_ComesToAnEnd(string answer)
    {
        // The same twice is equal at once, so one of them has a summand more.
        if (MathAnswer.Parse(answer) is not { } left || MathAnswer.Parse(answer + "+1") is not { } right) return;
        Assert.That(left.Matches(right), Is.Not.True);
        Assert.That(left.Matches(left), Is.True);
    }

    [TestCaseSource(nameof(Hostile))]
    public void Budget_HostileAnswer_IsNotOverdrawn(string answer)
    {
        var budget = new Budget();
        try { new Equivalence(budget).LeavesWork(AnswerParser.Parse(answer, budget)); }
        catch (MathFailure) { } // no answer, or too dear: either is an end
        // One step over is where it ends.
        Assert.That(budget.Spent, Is.LessThanOrEqualTo(Budget.StepsPerComparison + 1));
    }

    private static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));
}
