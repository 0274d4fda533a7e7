using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Journal;

/// <summary>Each of these has a state of its own: they write while the page is open.</summary>
public class RunStreamTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private SampleState _state = null!;
    private DashboardServer _server = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task Start()
    {
        _state = new SampleState(DateTimeOffset.UtcNow);
        _server = await DashboardServer.Start(_state.Folder, _state.Store, port: 0);
        _client = new HttpClient { BaseAddress = _server.Address };
    }

    [TearDown]
    public async Task Stop()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        _state.Dispose();
    }

    [Test]
    public async Task Stream_AfterLastEventId_SendsWhatWasMissed()
    {
        var first = await Events(SampleState.Live, lastEventId: 12).FirstAsync();
        Assert.That((first.EventType, first.EventId), Is.EqualTo(("journal", "13")));
    }

    [Test]
    public async Task Stream_OpenedAnew_BeginsWithWhatIsAtWork()
    {
        var first = await Events(SampleState.Live).FirstAsync();
        Assert.That((first.EventType, (string)JsonNode.Parse(first.Data)![0]!["instance"]!), Is.EqualTo(("progress", "r1_zero")));
    }

    [Test]
    public async Task Stream_AStageThatGoesOn_SendsItsProgress()
    {
        await using var events = Events(SampleState.Live).GetAsyncEnumerator();
        await events.MoveNextAsync();
        WholeFile.WriteJson(_state.Attempt(SampleState.Live, "r1_zero", 2).Heartbeat, new Heartbeat(84, 100, "training", 12));
        await events.MoveNextAsync();
        Assert.That((long)JsonNode.Parse(events.Current.Data)![0]!["progress"]!["step"]!, Is.EqualTo(84));
    }

    [Test]
    public async Task Stream_WhenTheServerStops_Ends()
    {
        await using var events = Events(SampleState.Finished).GetAsyncEnumerator();
        await events.MoveNextAsync();
        var stopped = _server.DisposeAsync().AsTask();
        Assert.That(await events.MoveNextAsync().AsTask().WaitAsync(Patience), Is.False);
        await stopped.WaitAsync(Patience);
    }

    private async IAsyncEnumerable<SseItem<string>> Events(string run, long? lastEventId = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"api/v1/runs/{run}/stream");
        if (lastEventId is not null) request.Headers.Add("Last-Event-ID", lastEventId.ToString());
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await using var body = await answer.Content.ReadAsStreamAsync(patience.Token);
        await foreach (var item in SseParser.Create(body).EnumerateAsync(patience.Token)) yield return item;
    }
}
