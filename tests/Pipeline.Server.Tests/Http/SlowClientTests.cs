using System.Net.Sockets;
using System.Text;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Server.Tests.Samples;

namespace Pipeline.Server.Tests.Http;

/// <summary>
/// Clients that hold on to a connection: who dawdles with a request is cut off, and everybody else is answered meanwhile. How long
/// that takes is the server's (ten seconds for headers, five of grace for bodies), so these tests run beside one another.
/// </summary>
[Parallelizable(ParallelScope.All)]
public class SlowClientTests
{
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

    [Test]
    public async Task Streams_ThatAreNeverRead_KeepNobodyOut()
    {
        // 10 MB of events for each: more than the buffers of both ends hold (Linux gives a sender 4 MB), so that the server waits for
        // every one of these readers. It holds for each what is in its buffers, and answers the others.
        const string run = "20251123-200000-long";
        using var state = new SampleState(DateTimeOffset.UtcNow);
        var journal = new SampleJournal(state.Store, run, DateTimeOffset.UtcNow);
        journal.Submit(SampleState.Pipeline);
        journal.Start("data");
        await state.Store.Append(run, 3,
        [
            .. Enumerable.Range(1, 1000).Select(i => new AlarmRaised
            {
                Run = run, Sequence = 3 + i, Time = DateTimeOffset.UtcNow, Stage = "data", Instance = "data", Attempt = 1, Token = "data-1",
                Kind = StageEventKind.Alarm, Step = i, Code = "LONG", Message = new string('x', 10_000), Offset = i,
            }),
        ]);
        await using var server = await DashboardServer.Start(state.Folder, state.Store, port: 0);
        var readers = new List<Socket>();
        for (var i = 0; i < 10; i++)
        {
            readers.Add(new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 });
            await readers[^1].ConnectAsync(server.Address.Host, server.Address.Port);
            await readers[^1].SendAsync(Encoding.ASCII.GetBytes($"GET /api/v1/runs/{run}/stream?after=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        }
        using var client = new HttpClient { BaseAddress = server.Address };
        using var answer = await client.GetAsync(new Uri($"api/v1/runs/{run}", UriKind.Relative));
        readers.ForEach(reader => reader.Dispose());
        Assert.That(answer.IsSuccessStatusCode);
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
}
