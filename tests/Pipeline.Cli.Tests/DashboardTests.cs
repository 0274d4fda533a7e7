using System.Net.Http.Json;
using System.Text.Json;

namespace Pipeline.Cli.Tests;

/// <summary><c>pipeline run --dashboard</c>, as a process of its own.</summary>
public sealed class DashboardTests : CommandTest
{
    [Test]
    public async Task Run_WithDashboard_ServesItsPageUntilItIsOver()
    {
        using var run = new ChildProcess(Bench, "run", Bench.Pipeline(ofSecond: "approval: { message: Promote? }"), "--dashboard");
        ChildProcess.Await(() => run.Output.Contains("waits for approval"), "the question");
        var page = new Uri(run.Output.Split('\n').Single(line => line.StartsWith("dashboard: ", StringComparison.Ordinal))["dashboard: ".Length..]);
        using var client = new HttpClient { BaseAddress = page };
        Assert.That(await client.GetStringAsync(page), Does.Contain("<title>Run"));

        var id = page.Segments[^1];
        var shown = await client.GetFromJsonAsync<JsonElement>($"/api/v1/runs/{id}");
        Assert.That((shown.GetProperty("line").GetProperty("state").GetString(), shown.GetProperty("operable").GetBoolean()), Is.EqualTo(("running", true)));
        using var approved = await client.PostAsJsonAsync($"/api/v1/runs/{id}/stages/second/approval", new { approved = true });
        Assert.That(approved.IsSuccessStatusCode);

        var end = run.Result();
        Assert.That(end.ExitCode, Is.Zero, end.Error);
        Assert.That(end.Out, Does.Contain($"approved by {Environment.UserName}, in the dashboard").And.Contain("succeeded"));
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(page), "it lasts as long as the command");
    }
}
