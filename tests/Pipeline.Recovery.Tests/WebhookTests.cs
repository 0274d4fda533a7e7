using System.Net;
using System.Net.Sockets;
using Pipeline.Engine.Notifying;
using Pipeline.Engine.Runs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Recovery.Tests;

/// <summary>Receivers that do not get as far as an answer. Each is worth another try, and no message tells an address.</summary>
public sealed class WebhookTests
{
    private static readonly DateTimeOffset Then = new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    [SetUp]
    public void Listen() => _listener.Start();

    [TearDown]
    public void Close() => _listener.Dispose();

    [Test]
    public async Task Receiver_ThatIsNotThere_CannotBeReached()
    {
        var address = Address;
        _listener.Stop();
        AssertTriedAgain(await Post(address), "cannot be reached");
    }

    [Test]
    public async Task Receiver_ThatCutsTheConnection_CannotBeReached()
    {
        var cut = Task.Run(async () => (await _listener.AcceptSocketAsync()).Dispose());
        AssertTriedAgain(await Post(Address), "cannot be reached");
        await cut;
    }

    [Test]
    public async Task Receiver_ThatIsSilent_IsNotWaitedForLong() =>
        AssertTriedAgain(await Post(Address, patience: TimeSpan.FromMilliseconds(100)), "did not answer within 0.1 s");

    [Test]
    public async Task Receiver_WithoutAnAddress_IsNotTriedAgain() =>
        Assert.That(await Post("not an address"), Is.EqualTo(new WebhookAnswer("Its 'webhook' is no http or https address.", IsFinal: true)));

    private string Address => $"http://{_listener.LocalEndpoint}/secret";

    private static void AssertTriedAgain(WebhookAnswer answer, string says)
    {
        Assert.That(answer.IsFinal, Is.False);
        Assert.That(answer.Trouble, Does.Contain(says).And.Not.Contain("secret").And.Not.Contain("127.0.0.1"));
    }

    private static async Task<WebhookAnswer> Post(string address, TimeSpan? patience = null)
    {
        var run = RunState.Fold(
        [
            new RunSubmitted
            {
                Run = "r", Sequence = 1, Time = Then, Program = new(["/stage"], "build"),
                Pipeline = new ResolvedPipeline
                {
                    Name = "p", File = "/p.yaml", Notify = [new Notification(["succeeded"], address)],
                    Stages = [new ResolvedStage { Id = "a", Instance = "a", Uses = "sft" }],
                },
            },
            new RunSucceeded { Run = "r", Sequence = 2, Time = Then },
        ]);
        using var webhook = new Webhook(_ => null, TimeProvider.System, patience);
        return await webhook.Post(run, run.Notices.Single(), CancellationToken.None);
    }
}
