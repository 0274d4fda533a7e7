using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Server.Tests.Control;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests;

/// <summary>A dashboard over the sample state, for all tests that only look.</summary>
[SetUpFixture]
internal sealed class Served
{
    private static DashboardServer s_server = null!;

    public static SampleState State { get; private set; } = null!;

    public static RecordedControl Control { get; } = new();

    public static HttpClient Client { get; private set; } = null!;

    public static Uri Address => s_server.Address;

    /// <summary>What the API answers.</summary>
    public static async Task<JsonNode> Get(string path)
    {
        using var answer = await Client.GetAsync(new Uri("api/v1/" + path, UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.That(answer.IsSuccessStatusCode, path + ": " + text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>The status and the code with which the API refuses.</summary>
    public static async Task<(int Status, string Code)> Refusal(string path)
    {
        using var answer = await Client.GetAsync(new Uri("api/v1/" + path, UriKind.Relative));
        var problem = JsonSerializer.Deserialize<JsonNode>(await answer.Content.ReadAsStringAsync())!;
        return ((int)answer.StatusCode, (string)problem["code"]!);
    }

    [OneTimeSetUp]
    public async Task Start()
    {
        State = new SampleState(DateTimeOffset.UtcNow);
        s_server = await DashboardServer.Start(State.Folder, State.Store, port: 0, Control);
        Client = new HttpClient { BaseAddress = s_server.Address };
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        Client.Dispose();
        await s_server.DisposeAsync();
        State.Dispose();
    }
}
