namespace Pipeline.Cli.Tests.Stories;

/// <summary>A pipeline that looks at its numbers before it goes on.</summary>
public sealed class GateTests
{
    private const string Measured = "steps: 1, metrics: { \"eval/pass@1\": 0.4 }";

    [Test]
    public async Task Gate_DecidesWhetherTheRunGoesOn_AndACondition_WhetherAStageRuns()
    {
        using var bench = new CommandBench();
        var failed = ChildProcess.Do(bench, "run", Gated(bench, bound: 0.5, condition: 0.9));
        Assert.That(failed.ExitCode, Is.EqualTo(1));
        Assert.That(failed.Error, Does.Contain("first failed: Its gate eval/pass@1 >= 0.5 did not pass: the value is 0.4."));
        Assert.That(await States(bench), Is.EqualTo(new[] { "failed", "blocked" }));

        var plan = (await bench.CallHere("plan", Gated(bench, bound: 0.35, condition: 0.9), "--json")).Json.GetProperty("stages");
        Assert.That(plan.EnumerateArray().Select(stage => stage.GetProperty("action").GetString()), Is.EqualTo(new[] { "cached", "skip" }));

        var skipped = ChildProcess.Do(bench, "run", Gated(bench, bound: 0.35, condition: 0.9));
        Assert.That(skipped.ExitCode, Is.Zero, skipped.Error);
        Assert.That(skipped.Out, Does.Contain("gate eval/pass@1 >= 0.35: passed, the value is 0.4").And.Contain("second: skipped: It runs if"));
        Assert.That(await States(bench), Is.EqualTo(new[] { "cached", "skipped" }));
    }

    private static string Gated(CommandBench bench, double bound, double condition) => bench.Pipeline(
        Measured,
        more: FormattableString.Invariant($"gates: [ {{ metric: eval/pass@1, op: \">=\", value: {bound} }} ]"),
        ofSecond: FormattableString.Invariant($"if: {{ stage: first, metric: eval/pass@1, op: \">\", value: {condition} }}"));

    private static async Task<IEnumerable<string?>> States(CommandBench bench) =>
        (await bench.CallHere("status", "--json")).Json.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("state").GetString());
}
