using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Http;

/// <summary>
/// Clients that hold on to a connection: who dawdles with a request is cut off, and everybody else is answered meanwhile. How long
/// that takes is the server's (ten seconds for headers, five of grace for bodies), so these tests run beside one another.
/// </summary>
[Parallelizable(ParallelScope.All)]
public partial class SlowClientTests
{
    private const string LongRun = "20251123-200000-long";
    private const int LongEvents = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100); // the promise is that it ends, not when

    [TestCase("GET /api/v1/runs HTTP/1.1\r\nHost: local", TestName = "Headers_ThatNeverEnd_AreCutOff")]
    [TestCase("POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{", TestName = "Body_ThatNeverEnds_IsCutOff")]
    public async Task Request(string beginning)
    {
        using var socket = await Connect();
        await socket.SendAsync(Encoding.ASCII.GetBytes(beginning));
        await AssertOthersAreAnswered();
        using var patience = new CancellationTokenSource(Patience);
        var buffer = new byte[4096];
        var answer = new StringBuilder();
        try
        {
            for (int read; (read = await socket.ReceiveAsync(buffer, patience.Token)) > 0;) answer.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }
        catch (SocketException) { } // cut off without a word, which is as good
        Assert.That(answer.ToString(), Is.Empty.Or.StartWith("HTTP/1.1 408 "));
    }

    [Test, NonParallelizable] // it measures memory
    public async Task Streams_ThatAreNeverRead_KeepNobodyOutTakeLittleMemoryAndAreCutOff()
    {
        using var state = new SampleState(DateTimeOffset.UtcNow);
        await WriteLong(state);
        await using var server = await DashboardServer.Start(state.Folder, state.Store, port: 0);
        using var client = new HttpClient { BaseAddress = server.Address };
        using (await client.GetAsync(new Uri($"api/v1/runs/{LongRun}", UriKind.Relative))) { } // what it keeps of the run is not counted below
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var readers = new List<Socket>();
        for (var i = 0; i < 10; i++) readers.Add(await Follow(server));

        using var answer = await client.GetAsync(new Uri($"api/v1/runs/{LongRun}", UriKind.Relative));
        Assert.That(answer.IsSuccessStatusCode);

        // Each has some of the journal and of the socket's buffers, none the 20 MB that the rest of it would take.
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(10 * 5_000_000));

        // A connection that was reset is in error, read or not.
        foreach (var reader in readers) Assert.That(reader.Poll(Patience, SelectMode.SelectError), "still there");
        readers.ForEach(reader => reader.Dispose());
    }

    [Test]
    public async Task Stream_ThatIsReadSlowly_HasEveryEventInOrderWhileOthersAreAnswered()
    {
        using var state = new SampleState(DateTimeOffset.UtcNow);
        await WriteLong(state);
        await using var server = await DashboardServer.Start(state.Folder, state.Store, port: 0);
        using var client = new HttpClient { BaseAddress = server.Address };
        using var patience = new CancellationTokenSource(Patience);
        using var reader = await Follow(server);
        var (buffer, read) = (new byte[100_000], new StringBuilder());
        while (!read.ToString(Math.Max(0, read.Length - 200_000), Math.Min(read.Length, 200_000)).Contains($"id: {LongEvents + 3}\n", StringComparison.Ordinal))
        {
            read.Append(Encoding.ASCII.GetString(buffer, 0, await reader.ReceiveAsync(buffer, patience.Token)));
            using var answer = await client.GetAsync(new Uri("healthz", UriKind.Relative), patience.Token); // as slow as it is for the others
            Assert.That(answer.IsSuccessStatusCode);
        }
        var ids = EventId().Matches(read.ToString()).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
        Assert.That(ids, Is.EqualTo(Enumerable.Range(1, LongEvents + 3)));
    }

    // 10 MB of events: more than the buffers of both ends hold (Linux gives a sender 4 MB), so that the server waits for who does not read.
    private static async Task WriteLong(SampleState state)
    {
        var journal = new SampleJournal(state.Store, LongRun, DateTimeOffset.UtcNow);
        journal.Submit(SampleState.Pipeline);
        journal.Start("data");
        await state.Store.Append(LongRun, 3,
        [
            .. Enumerable.Range(1, LongEvents).Select(i => new AlarmRaised
            {
                Run = LongRun, Sequence = 3 + i, Time = DateTimeOffset.UtcNow, Stage = "data", Instance = "data", Attempt = 1, Token = "data-1",
                Kind = StageEventKind.Alarm, Step = i, Code = "LONG", Message = new string('x', 10_000), Offset = i,
            }),
        ]);
    }

    private static async Task<Socket> Follow(DashboardServer server)
    {
        var reader = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await reader.ConnectAsync(server.Address.Host, server.Address.Port);
        await reader.SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/runs/{LongRun}/stream?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        return reader;
    }

    private static async Task AssertOthersAreAnswered()
    {
        using var answer = await Served.Client.GetAsync(new Uri("healthz", UriKind.Relative));
        Assert.That(answer.IsSuccessStatusCode);
    }

    private static async Task<Socket> Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Served.Address.Host, Served.Address.Port);
        return socket;
    }

    [GeneratedRegex("^id: ([0-9]+)$", RegexOptions.Multiline)]
    private static partial Regex EventId();
}
