namespace Pipeline.Cli.Tests.Stories;

/// <summary>A stage that waits for a person.</summary>
public sealed class ApprovalTests
{
    [Test]
    public async Task Question_IsShown_SurvivesTheEngine_AndItsAnswerDecides()
    {
        using var bench = new CommandBench();
        var file = bench.Pipeline(ofSecond: "approval: { message: \"Promote?\", timeout: 24h }");
        using var run = new ChildProcess(bench, "run", file);
        ChildProcess.Await(() => run.Output.Contains("second: waits for approval until"), "the question");
        run.Signal("TERM"); // the engine goes, the question stays
        Assert.That(run.Result().ExitCode, Is.EqualTo(130));
        Assert.That((await bench.CallHere("status")).Out, Does.Contain("awaiting_approval").And.Contain("Promote?"));

        var rejected = await bench.CallHere("approve", "latest", "second", "--reject", "--reason", "not yet");
        Assert.That(rejected.ExitCode, Is.Zero, rejected.Error);
        Assert.That(rejected.Error, Does.Contain("No engine is at work"));
        Assert.That((await bench.CallHere("approve", "latest", "second")).Error, Does.Contain("does not wait for an answer"));
        var resumed = ChildProcess.Do(bench, "resume");
        Assert.That(resumed.ExitCode, Is.EqualTo(1));
        Assert.That(resumed.Error, Does.Contain($"second failed: Rejected by {Environment.UserName}: not yet."));

        using var again = new ChildProcess(bench, "resume");
        ChildProcess.Await(() => again.Output.Contains("second: waits for approval"), "the question, asked again");
        Assert.That((await bench.CallHere("approve", "latest", "second")).Out, Does.Contain("approved"));
        Assert.That(again.Result().ExitCode, Is.Zero);
    }
}
