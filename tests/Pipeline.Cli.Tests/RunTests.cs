using System.Diagnostics;
using System.Text.Json;

namespace Pipeline.Cli.Tests;

/// <summary>Runs of fake stages, started as a person starts them.</summary>
public sealed class RunTests : CommandTest
{
    [Test]
    public async Task Run_ThatSucceeds_CanBeLookedAtInEveryWay()
    {
        var run = ChildProcess.Do(Bench, "run", Bench.Pipeline("steps: 2, print: \"\\e[31mred\""));
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Out, Does.Contain("first: started").And.Contain("second: succeeded").And.Contain("report.html"));

        var status = (await Bench.CallHere("status", "latest", "--json")).Json;
        Assert.That(status.GetProperty("state").GetString(), Is.EqualTo("succeeded"));
        Assert.That(status.GetProperty("stages").EnumerateArray().Select(Facts),
            Is.EqualTo(new[] { "first command succeeded 1 Null", "second command succeeded 1 Null" }));

        var id = status.GetProperty("run").GetString()!;
        Assert.That((await Bench.CallHere("runs")).Out, Does.Contain(id).And.Contain("fakes"));
        Assert.That((await Bench.CallHere("logs", id[^4..], "first")).Out, Is.EqualTo("^[[31mred"), "what a stage prints cannot steer the terminal");
        Assert.That((await Bench.CallHere("report", "--json")).Json.GetProperty("stages").GetArrayLength(), Is.EqualTo(2));
        Assert.That((await Bench.CallHere("verify")).ExitCode, Is.Zero);
        Assert.That((await Bench.CallHere("resume")).ExitCode, Is.Zero, "coming back to a run that is over shows its end");

        var plan = (await Bench.CallHere("plan", Bench.Pipeline("steps: 3"), "--json")).Json.GetProperty("stages");
        Assert.That(plan[0].GetProperty("why").GetString(), Does.Contain("steps 2 -> 3"));
        Assert.That(plan[1].GetProperty("why").GetString(), Is.EqualTo("first runs before it"));
    }

    [Test]
    public async Task Run_Repeated_TakesItsStagesFromTheCache()
    {
        Assert.That(ChildProcess.Do(Bench, "run", Bench.Pipeline()).ExitCode, Is.Zero);
        var plan = await Bench.CallHere("plan", Bench.Pipeline(), "--json");
        Assert.That(plan.Json.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("action").GetString()),
            Is.EqualTo(new[] { "cached", "cached" }));
        Assert.That(ChildProcess.Do(Bench, "run", Bench.Pipeline()).Out, Does.Contain("second: cached, made by run"));
    }

    [Test]
    public async Task Verify_OfAnArtifactThatWasChanged_NamesIt()
    {
        ChildProcess.Do(Bench, "run", Bench.Pipeline());
        var artifact = Directory.EnumerateFiles(Bench.State, "chain.txt", SearchOption.AllDirectories).Single(path => path.Contains("/first/"));
        File.AppendAllText(artifact, "x");

        var result = await Bench.CallHere("verify");
        Assert.That((result.ExitCode, result.Out), Is.EqualTo((1, "1 of 2 artifacts are what their stages made.\n")));
        Assert.That(result.Error, Does.StartWith("first.chain is changed: "));
    }

    [Test]
    public async Task Run_ThatFails_ShowsWhyAndWhatToDo()
    {
        var run = ChildProcess.Do(Bench, "run", Bench.Pipeline("fail_at: 2, print_error: \"\\e]0;evil\\a\\n\""));
        Assert.That(run.ExitCode, Is.EqualTo(1));
        Assert.That(run.Error, Does.Contain("first failed (failed)").And.Contain("| fake-stage fails at step 2").And.Not.Contain('\u001b'));
        Assert.That(run.Out, Does.Contain("pipeline resume"));
        var stages = (await Bench.CallHere("status", "--json")).Json.GetProperty("stages");
        Assert.That((Facts(stages[0]), Facts(stages[1])), Is.EqualTo(("first command failed 1 Null", "second command blocked 0 Null")));
    }

    [Test]
    public void Logs_Followed_PrintUntilTheStageIsDone_OverItsAttempts()
    {
        using var run = new ChildProcess(Bench, "run", Bench.Pipeline(
            $"steps: 2, print: \"attempt\\n\", fail_at: 2, bad_attempts: 1, hold_at: 2, hold_until: \"{Gate}\"",
            more: "retry: { on: [failed], backoff: { initial: 10ms } }"));
        AwaitHeld();
        using var logs = new ChildProcess(Bench, "logs", "latest", "first", "-f");
        ChildProcess.Await(() => logs.Output.Contains("attempt"), "the first line of the log"); // it follows from the attempt that is the newest when it starts
        Release();
        Assert.That(logs.Result().Out, Is.EqualTo("attempt\nfake-stage fails at step 2, as it was told.\nattempt\n"));
        Assert.That(run.Result().ExitCode, Is.Zero);
    }

    [Test]
    public async Task CtrlC_LeavesTheRunToTheBackground()
    {
        using var command = Held();
        command.Signal("INT");
        var result = command.Result();
        Assert.That(result.ExitCode, Is.EqualTo(130));
        Assert.That(result.Error, Does.Contain("Detached.").And.Contain("pipeline resume").And.Contain("pipeline cancel"));

        Release();
        await AwaitState("succeeded");
    }

    [Test]
    public async Task Terminate_LeavesTheJobsAndResumeComesBackToThem()
    {
        using var command = Held();
        command.Signal("TERM");
        Assert.That(command.Result().ExitCode, Is.EqualTo(130));
        Assert.That((await Bench.CallHere("status")).Out, Does.Contain("engine: none at work").And.Contain("active"));

        Release();
        var resumed = ChildProcess.Do(Bench, "resume");
        Assert.That(resumed.ExitCode, Is.Zero, resumed.Error);
        Assert.That((await Bench.CallHere("status", "--json")).Json.GetProperty("stages")[0].GetProperty("attempts").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public async Task Detach_UnderALock_LetsGoOfTheLock()
    {
        // flock(1) holds the lock as an open file, which its command and all of that command's children inherit.
        var lockFile = Path.Combine(Bench.Folder, "lock");
        var file = Bench.Pipeline($"steps: 2, hold_at: 2, hold_until: \"{Gate}\"");
        using var locked = Process.Start(new ProcessStartInfo("flock",
            [lockFile, "dotnet", Path.Combine(AppContext.BaseDirectory, "pipeline.dll"), "run", file, "--detach", "--state", Bench.State])
            { RedirectStandardOutput = true, RedirectStandardError = true })!;
        await locked.WaitForExitAsync();
        AwaitHeld();

        using var next = Process.Start("flock", ["--nonblock", lockFile, "true"]);
        await next.WaitForExitAsync();
        Assert.That(next.ExitCode, Is.Zero, "the engine and the stage in the background hold the lock");
        Release();
        await AwaitState("succeeded");
    }

    [Test]
    public async Task Detach_ReturnsAtOnceAndTheRunGoesOn()
    {
        var command = ChildProcess.Do(Bench, "run", Bench.Pipeline(), "--detach");
        Assert.That(command.ExitCode, Is.Zero);
        Assert.That((await Bench.CallHere("runs", "--json")).Json[0].GetProperty("run").GetString(), Is.EqualTo(command.Out.Trim()));
        await AwaitState("succeeded");
    }

    [Test]
    public async Task Cancel_FromAnotherTerminal_EndsBothCommands()
    {
        using var command = Held();
        Assert.That(ChildProcess.Do(Bench, "cancel").ExitCode, Is.Zero);
        Assert.That(command.Result().ExitCode, Is.EqualTo(3));
        await AwaitState("cancelled");
    }

    [Test]
    public void SecondRun_InTheSameFolder_IsCarriedOutByTheFirst()
    {
        using var first = Held();
        using var second = new ChildProcess(Bench, "run", Bench.Pipeline("steps: 3"));
        var result = second.Result();
        Assert.That(result.ExitCode, Is.Zero, result.Error);
        Release();
        Assert.That(first.Result().ExitCode, Is.Zero);
    }

    /// <summary>A run whose first stage waits before its second step, when it has got there.</summary>
    private ChildProcess Held()
    {
        var command = new ChildProcess(Bench, "run", Bench.Pipeline($"steps: 2, hold_at: 2, hold_until: \"{Gate}\""));
        AwaitHeld();
        return command;
    }

    private void AwaitHeld() => ChildProcess.Await(() => Directory.Exists(Bench.State)
        && Directory.EnumerateFiles(Bench.State, "metrics.jsonl", SearchOption.AllDirectories).Any(), "the stage to be held");

    private string Gate => Path.Combine(Bench.Folder, "gate");

    private void Release() => File.WriteAllText(Gate, "");

    private async Task AwaitState(string state)
    {
        var seen = "";
        for (var look = 0; look < 600 && seen != state; look++)
        {
            seen = (await Bench.CallHere("status", "--json")).Json.GetProperty("state").GetString();
            await Task.Delay(50);
        }
        Assert.That(seen, Is.EqualTo(state));
    }

    private static string Facts(JsonElement stage) =>
        $"{stage.GetProperty("id")} {stage.GetProperty("uses")} {stage.GetProperty("state")} {stage.GetProperty("attempts")} {stage.GetProperty("progress").ValueKind}";
}
