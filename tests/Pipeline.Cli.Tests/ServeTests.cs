using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

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

    private static string State(HttpClient client) => Run(client).GetProperty("line").GetProperty("state").GetString()!;

    private static string SecondStage(HttpClient client) =>
        Run(client).GetProperty("stages").EnumerateArray().Single(stage => stage.GetProperty("instance").GetString() == "second").GetProperty("state").GetString()!;

    private static JsonElement Run(HttpClient client) => client.GetFromJsonAsync<JsonElement>("api/v1/runs/latest").GetAwaiter().GetResult();
}
