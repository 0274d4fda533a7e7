using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Jobs;
using Pipeline.Reports.Writers;
using Pipeline.Spec.Resolved;

namespace Pipeline.Reports.Tests;

public sealed class ClaimTests
{
    /// <summary>Forty prompts of ten completions, of which the first so many are right in this many prompts.</summary>
    private static EvaluationReport Model(string name, int right, double mixing = 0) => SampleRun.Evaluation(name, right / 40.0) with
    {
        ProblemIds = [.. Enumerable.Range(0, 40).Select(prompt => $"{prompt}")],
        ByPrompt = new Dictionary<string, PromptTerms>
        {
            ["pass@1"] = new([.. Enumerable.Range(0, 40).Select(prompt => prompt < right ? 1.0 : 0)], [.. Enumerable.Repeat(1.0, 40)]),
            ["mixing"] = new([.. Enumerable.Repeat(10 * mixing, 40)], [.. Enumerable.Repeat(10.0, 40)]),
        },
    };

    private static Claim Claim(string text, params Expectation[] expectations) => new(text, expectations);

    private static Expectation Expect(string metric, Comparison op, double value, string stage, string? against = null) =>
        new(metric, op, value, [new(stage, against)]);

    private static SampleRun Run(params Claim[] claims) => new SampleRun()
        .With("a", "evaluation").With("b", "evaluation").With("judge", "reward_model").Submit(claims: claims)
        .Evaluate("a", Model("base", 4, mixing: 0.3)).Evaluate("b", Model("R1", 30))
        .Begin("judge").Succeed("judge", metrics: new() { ["accuracy"] = 0.9, ["accuracy_low"] = 0.8, ["accuracy_high"] = 0.95 });

    // 30 of 40 less 4 of 40 is 65 points; drawn prompt by prompt the difference is 1 on 26 of 40: 0.65 +- 1.96 sqrt(0.65 0.35 / 40) = +-0.148.
    [TestCase(0.3, Verdict.Holds)]
    [TestCase(0.6, Verdict.NotShown)]
    [TestCase(0.9, Verdict.DoesNotHold)]
    public void Read_Difference_HoldsIfItsWholeIntervalDoes(double bound, Verdict verdict)
    {
        using var run = Run(Claim("it learns", Expect("eval/pass@1", Comparison.GreaterOrEqual, bound, "b", "a")));
        var row = run.Read().Claims.Single().Rows.Single();
        Assert.That((row.Model, row.Against, row.Verdict), Is.EqualTo(("R1", "base", verdict)));
        Assert.That(row.Cases.Single().Measured!.Value, Is.EqualTo(0.65).Within(1e-12));
        Assert.That(row.Cases.Single().Measured!.Low, Is.EqualTo(0.65 - 0.148).Within(0.03));
    }

    [Test]
    public void Read_Number_HasTheIntervalThatTheStageReported()
    {
        using var run = Run(Claim("it judges", Expect("accuracy", Comparison.GreaterOrEqual, 0.85, "judge")));
        Assert.That(run.Read().Claims.Single().Rows.Single().Cases.Single(), Is.EqualTo(new MeasuredCase("judge", new Estimate(0.9, 0.8, 0.95), Verdict.NotShown)));
    }

    [Test]
    public void Read_Claim_IsAsGoodAsTheWorstThatItExpects()
    {
        using var run = Run(
            Claim("one of two", Expect("eval/pass@1", Comparison.Greater, 0, "b", "a"), Expect("eval/mixing", Comparison.Less, 0.1, "a")),
            Claim("nobody looked", Expect("eval/beauty", Comparison.Greater, 0, "b")));
        Assert.That(run.Read().Claims.Select(claim => claim.Verdict), Is.EqualTo(new[] { Verdict.DoesNotHold, Verdict.NotMeasured }));
    }

    [Test]
    public void Write_Claims_SaysWhichHold()
    {
        using var run = Run(
            Claim("It learns to reason", Expect("eval/pass@1", Comparison.GreaterOrEqual, 0.3, "b", "a"), Expect("eval/mixing", Comparison.Less, 0.1, "a")),
            Claim("It is <b>short</b>", new Expectation("eval/pass@1", Comparison.Greater, 0.5, [new("a", null), new("b", null)])));
        var text = TextReport.Write(run.Read());
        Assert.That(text, Does.Contain("pass@1 of R1 over base >= +30"));
        Assert.That(text, Does.Match(@"mixing of base < 10 % +30\.0 % +30\.0 to 30\.0 % +does not hold"));
        Assert.That(text, Does.Match(@"pass@1 of base > 50 % +42\.5 % +10\.0 to 75\.0 % +does not hold, in 1 of 2"));
        Assert.That(HtmlReport.Write(run.Read()), Does.Contain("It is &lt;b&gt;short&lt;/b&gt;"));
    }
}
