using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Pipeline.Cli.Schedules;

namespace Pipeline.Cli.Tests;

/// <summary>The dashboard's server as a process of its own, asked over HTTP as its pages ask it.</summary>
public sealed class ServeTests : CommandTest
{
    [Test]
    public async Task Serve_AFileSubmittedAndApprovedInTheBrowser_IsRunToItsEnd()
    {
        var text = await File.ReadAllTextAsync(Bench.Pipeline(ofSecond: "approval: { message: Promote? }"));
        using var serve = new ChildProcess(Bench, "serve", "--port", "0");
        ChildProcess.Await(() => serve.Output.Contains('\n'), "the address");
        using var client = new HttpClient { BaseAddress = new Uri(serve.Output.Split(' ')[1].Trim()) };

        using var answer = await client.PostAsJsonAsync("api/v1/runs", new { text });
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Created), await answer.Content.ReadAsStringAsync());
        ChildProcess.Await(() => SecondStage(client) == "awaiting_approval", "the question");
        using var approved = await client.PostAsJsonAsync("api/v1/runs/latest/stages/second/approval", new { approved = true });
        Assert.That(approved.StatusCode, Is.EqualTo(HttpStatusCode.NoContent));
        ChildProcess.Await(() => State(client) == "succeeded", "the run to succeed");

        using var resumed = await client.PostAsJsonAsync("api/v1/runs/latest/resume", new { });
        Assert.That(resumed.StatusCode, Is.EqualTo(HttpStatusCode.Conflict), "it has succeeded: there is nothing to resume");
        serve.Signal("INT");
        Assert.That(serve.Result().ExitCode, Is.Zero);
    }

    [Test]
    public async Task Serve_StartsWhatIsDue()
    {
        var state = Engine.Folders.StateFolder.Open(Bench.State);
        new ScheduleFolder(state).Add(new Schedule { Name = "often", File = Bench.Pipeline(), Cron = "* * * * *", TimeZone = "UTC", Until = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(2) });
        using var serve = new ChildProcess(Bench, "serve", "--port", "0");
        ChildProcess.Await(() => Bench.CallHere("runs").GetAwaiter().GetResult().Out is var runs && runs.Contains("-often") && runs.Contains("succeeded"), "the run to succeed");
        using var client = new HttpClient { BaseAddress = new Uri(serve.Output.Split(' ')[1].Trim()) };
        var shown = (await client.GetFromJsonAsync<JsonElement>("api/v1/system")).GetProperty("schedules")[0];
        Assert.That((shown.GetProperty("name").GetString(), shown.GetProperty("last_run").GetString()), Is.EqualTo(("often", shown.GetProperty("last_run").GetString())));
        Assert.That(shown.GetProperty("last_run").GetString(), Does.EndWith("-often"));
        Assert.That((await Bench.CallHere("schedule", "remove", "often")).ExitCode, Is.Zero);
        serve.Signal("INT");
        Assert.That(serve.Result().ExitCode, Is.Zero);
    }

    [Test]
    public async Task Serve_WithTokens_IsOperatedByTheSameCommandsWithTheSameOutput()
    {
        var tokens = Path.Combine(Bench.Folder, "tokens");
        var token = (await Bench.Call("token", "operate", "--name", "anna", "--to", tokens)).Out.Trim();
        using var serve = new ChildProcess(Bench, "serve", "--port", "0", "--tokens", tokens);
        ChildProcess.Await(() => serve.Output.Contains('\n'), "the address");
        string[] there = ["--server", serve.Output.Split(' ')[1].Trim()];
        var refused = await Bench.Call(["status", .. there]);
        Assert.That((refused.ExitCode, refused.Error), Is.EqualTo((7, refused.Error)));
        Assert.That(refused.Error, Does.StartWith("error TOKEN_MISSING: "));

        Environment.SetEnvironmentVariable("PIPELINE_TOKEN", token);
        try
        {
            var invalid = await Bench.Call(["submit", Bench.Pipeline(more: "colour: red"), .. there]);
            Assert.That((invalid.ExitCode, invalid.Error), Is.EqualTo((2, invalid.Error)));
            Assert.That(invalid.Error, Does.Contain("PIPELINE_INVALID").And.Contain("colour"));

            var submitted = await Bench.Call(["submit", Bench.Pipeline(with: "print: \"good \\e[31mmorning\"", ofSecond: "approval: { message: Promote? }"), .. there]);
            Assert.That(submitted.ExitCode, Is.Zero, submitted.Error);
            var run = submitted.Out.Trim();
            var watching = Bench.Call(["watch", run, .. there]);
            ChildProcess.Await(() => Bench.Call(["status", run, .. there]).GetAwaiter().GetResult().Out.Contains("awaiting_approval"), "the question");
            var approved = await Bench.Call(["approve", run, "second", .. there]);
            Assert.That((approved.Out, approved.Error), Is.EqualTo(($"second of run {run} is approved.\n", "")));
            var watched = await watching;
            Assert.That(watched.ExitCode, Is.Zero, watched.Error);
            Assert.That(watched.Out, Does.Contain("waits for approval: Promote?").And.Contain("second: approved by anna").And.Contain("second: succeeded").And.Contain("the run succeeded"));

            foreach (var command in new string[][] { ["status", run, "--json"], ["logs", run, "first"], ["watch", run, "--json"] })
                Assert.That((await Bench.Call([.. command, .. there])).Out, Is.EqualTo((await Bench.CallHere(command[0], command[1..])).Out).And.Not.Empty, command[0]);
            Assert.That((await Bench.Call(["cancel", run, .. there])).Error, Does.Contain("RUN_STATE").And.Contain("is over"));
        }
        finally { Environment.SetEnvironmentVariable("PIPELINE_TOKEN", null); }

        serve.Signal("INT");
        var end = serve.Result();
        var log = await File.ReadAllTextAsync(Directory.GetFiles(Path.Combine(Bench.State, "logs"), "serve-*.jsonl").Single());
        Assert.Multiple(() =>
        {
            Assert.That(end.ExitCode, Is.Zero);
            Assert.That(end.Out + end.Error + log, Does.Not.Contain(token));
            Assert.That(log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line).GetProperty("@t").GetDateTimeOffset()), Is.Not.Empty);
        });
    }

    [Test]
    public async Task Serve_OnAnAddressForOthersWithoutTokens_IsRefused()
    {
        var refused = await Bench.CallHere("serve", "--listen", "0.0.0.0");
        Assert.That(refused.ExitCode, Is.EqualTo(2));
        Assert.That(refused.Error, Does.StartWith("error TOKENS_MISSING: ").And.Contain("pipeline token"));
    }

    [Test]
    public async Task Watch_WhileItsServerIsStartedAnew_GoesOn()
    {
        var serve = new ChildProcess(Bench, "serve", "--port", "0");
        try
        {
            ChildProcess.Await(() => serve.Output.Contains('\n'), "the address");
            var address = new Uri(serve.Output.Split(' ')[1].Trim());
            string[] there = ["--server", address.ToString()];
            var submitted = await Bench.Call(["submit", Bench.Pipeline(ofSecond: "approval: { message: Promote? }"), .. there]);
            Assert.That(submitted.ExitCode, Is.Zero, submitted.Error);
            var watching = Bench.Call(["watch", "latest", .. there]);
            ChildProcess.Await(() => Bench.Call(["status", .. there]).GetAwaiter().GetResult().Out.Contains("awaiting_approval"), "the question");

            serve.Signal("KILL");
            serve.Dispose();
            serve = new ChildProcess(Bench, "serve", "--port", $"{address.Port}");
            ChildProcess.Await(() => serve.Output.Contains('\n'), "the address");
            Assert.That(watching.IsCompleted, Is.False, "it has asked in vain meanwhile, twice a second");
            Assert.That((await Bench.Call(["approve", "latest", "second", .. there])).ExitCode, Is.Zero);
            var watched = await watching;
            Assert.That(watched.ExitCode, Is.Zero, watched.Error);
            Assert.That(watched.Out, Does.Contain("the run succeeded"));
        }
        finally { serve.Dispose(); }
    }

    [Test]
    public async Task Server_ThatDoesNotAnswer_SaysWhatToTry()
    {
        var silent = await Bench.Call("status", "--server", "http://127.0.0.1:1"); // nobody listens on the first port
        Assert.That(silent.ExitCode, Is.EqualTo(7));
        Assert.That(silent.Error, Does.StartWith("error SERVER_SILENT: ").And.Contain("pipeline serve"));
    }

    private static string State(HttpClient client) => Run(client).GetProperty("line").GetProperty("state").GetString()!;

    private static string SecondStage(HttpClient client) =>
        Run(client).GetProperty("stages").EnumerateArray().Single(stage => stage.GetProperty("instance").GetString() == "second").GetProperty("state").GetString()!;

    private static JsonElement Run(HttpClient client) => client.GetFromJsonAsync<JsonElement>("api/v1/runs/latest").GetAwaiter().GetResult();
}
