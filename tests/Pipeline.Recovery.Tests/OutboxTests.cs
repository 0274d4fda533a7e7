using Microsoft.Extensions.Time.Testing;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Notifying;
using Pipeline.Engine.Runs;
using Pipeline.Spec.Resolved;
using Pipeline.Store;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Pipeline.Recovery.Tests;

/// <summary>What webhooks are owed reaches them, among receivers that fail. The clock is moved by hand.</summary>
public sealed class OutboxTests
{
    private const string Run = "20250601-120000-test";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new(new(2025, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Dictionary<string, string> _secrets = new() { ["KEY"] = "hunter2" };
    private readonly Lines _log = new();
    private string _path = "";
    private SqliteRunStore _store = null!;
    private StateFolder _state = null!;

    [SetUp]
    public void Open()
    {
        _path = Directory.CreateTempSubdirectory("pipeline-outbox-").FullName;
        _state = StateFolder.Open(_path);
        _store = SqliteRunStore.Open(_state.Journal);
    }

    [TearDown]
    public void Close()
    {
        _store.Dispose();
        Directory.Delete(_path, recursive: true);
    }

    [Test]
    public async Task Notice_OfARunThatEnded_IsSentOnceAndSigned()
    {
        using var receiver = new Receiver();
        await Submit(new Notification(["succeeded", "failed"], receiver.Address, "${{ secrets.KEY }}"), new Notification(["cancelled"], receiver.Address));
        await Append(new RunSucceeded());
        await Work(until: Settled);
        await Work(until: Settled); // the next engine finds nothing to do

        var letter = receiver.Received.Single();
        const string body = $$"""{"id":"{{Run}}.2.0","event":"succeeded","run":"{{Run}}","pipeline":"p","time":"2025-06-01T12:00:00+00:00","text":"Run {{Run}} of p succeeded."}""";
        Assert.That((letter.Key, letter.Body), Is.EqualTo(($"{Run}.2.0", body)));
        // printf %s "$timestamp.$body" | openssl dgst -sha256 -hmac hunter2
        Assert.That((letter.Timestamp, letter.Signature), Is.EqualTo(("1748779200", "v1=83940bb907a5398ba4cd77628b832fb34f213232c607e0c63a372750f45bbbaf")));
        Assert.That((await State()).Notices.Single().Phase, Is.EqualTo(NoticePhase.Sent));
    }

    [Test]
    public async Task Receiver_ThatFails_IsTriedAgainLaterEachTime_AndWhenItAsks()
    {
        using var receiver = new Receiver(500, 429, 200) { RetryAfter = "100" };
        await Submit(new Notification(["alarm", "failed"], receiver.Address));
        await Append(new RunFailed { Failed = ["a"] });
        await Work(until: Settled);

        var failures = (await _store.Read(Run)).OfType<NotificationFailed>().ToList();
        // 5 s pass after the first try. After the second it would be 10; who asks for 100 is given them.
        Assert.That(failures.Select(failure => (failure.Again - failure.Time)!.Value.TotalSeconds), Is.EqualTo(new[] { 5.0, 100 }).Within(1));
        Assert.That(failures.Select(failure => failure.Message), Has.One.Contains("500").And.One.Contains("429"));
        Assert.That(receiver.Received.Select(letter => letter.Key).Distinct(), Is.EqualTo(new[] { $"{Run}.2.0" }));
        Assert.That((await State()).Notices.Single(), Has.Property("Phase").EqualTo(NoticePhase.Sent).And.Property("Attempts").EqualTo(3));
    }

    [TestCase(301, "it has moved")]
    [TestCase(404, "answered 404")]
    public async Task Receiver_ThatRefusesForGood_IsAskedOnce(int answer, string says)
    {
        using var receiver = new Receiver(answer);
        await Submit(new Notification(["succeeded"], receiver.Address));
        await Append(new RunSucceeded());
        await Work(until: Settled);
        Assert.That(receiver.Received, Has.Count.EqualTo(1));
        Assert.That((await State()).Notices.Single().Phase, Is.EqualTo(NoticePhase.GivenUp));
        Assert.That((await State()).Notices.Single().Trouble, Does.Contain(says));
        Assert.That(_log.ToString(), Does.Contain(says).And.Not.Contain(receiver.Address), "an address may be a secret");
    }

    [Test]
    public async Task Receiver_ThatAlwaysFails_IsGivenUpAfterTwelveTries()
    {
        using var receiver = new Receiver(Enumerable.Repeat(503, 100));
        await Submit(new Notification(["succeeded"], receiver.Address));
        await Append(new RunSucceeded());
        await Work(until: Settled);
        Assert.That(receiver.Received, Has.Count.EqualTo(12));
    }

    [Test]
    public async Task Secret_ThatIsNotSet_IsNamed_AndUsedOnceItIs_AndWrittenNowhere()
    {
        using var receiver = new Receiver();
        _secrets.Remove("KEY");
        await Submit(new Notification(["succeeded"], receiver.Address, "${{ secrets.KEY }}"));
        await Append(new RunSucceeded());
        await Work(until: async () => (await State()).Notices.Single().Attempts == 1);
        Assert.That((await State()).Notices.Single().Trouble, Does.Contain("environment variable KEY is not set"));
        Assert.That(await Outbox.IsOwing(_store, _state, _time), Is.True);

        _secrets["KEY"] = "hunter2";
        await Work(until: Settled);
        Assert.That(receiver.Received, Has.Count.EqualTo(1));
        Assert.That(await Outbox.IsOwing(_store, _state, _time), Is.False);
        Assert.That(Directory.EnumerateFiles(_path, "*", SearchOption.AllDirectories).Where(file => File.ReadAllText(file).Contains("hunter2")), Is.Empty);
        Assert.That(_log.ToString(), Does.Not.Contain("hunter2"));
    }

    [Test]
    public async Task Run_ThatEndsWhileNoEngineIsAtWork_IsToldByTheNext_UnlessADayHasPassed()
    {
        using var receiver = new Receiver();
        await Submit(new Notification(["cancelled", "failed"], receiver.Address));
        await Work(until: () => Task.FromResult(File.Exists(Path.Combine(_path, "notified.json"))));
        await Append(new RunFailed { Failed = ["a"] });
        await Work(until: Settled);
        Assert.That(receiver.Received, Has.Count.EqualTo(1));

        await Append(new RunResumed(), new RunCancelled());
        _time.Advance(TimeSpan.FromHours(25));
        Assert.That(await Outbox.IsOwing(_store, _state, _time), Is.False);
        await Work(until: async () => (await State()).Notices.All(notice => notice.Phase != NoticePhase.Waiting));
        Assert.That(receiver.Received, Has.Count.EqualTo(1));
        Assert.That((await State()).Notices[^1], Has.Property("Phase").EqualTo(NoticePhase.GivenUp).And.Property("Attempts").EqualTo(0));
        Assert.That((await State()).Notices[^1].Trouble, Does.Contain("24 hours"));
    }

    private async Task<RunState> State() => RunState.Fold(await _store.Read(Run));

    private async Task<bool> Settled() => (await State()).Notices.All(notice => !notice.IsOwed(_time.GetUtcNow()));

    private Task Submit(params Notification[] notify) => _store.Append(Run, 0,
    [
        new RunSubmitted
        {
            Run = Run, Sequence = 1, Time = _time.GetUtcNow(), Program = new(["/stage"], "build"),
            Pipeline = new ResolvedPipeline { Name = "p", File = "/p.yaml", Notify = notify, Stages = [new ResolvedStage { Id = "a", Instance = "a", Uses = "sft" }] },
        },
    ]);

    private async Task Append(params JournalEvent[] facts)
    {
        var last = (await _store.Find(Run))!.Sequence;
        await _store.Append(Run, last, [.. facts.Select((fact, i) => fact with { Run = Run, Sequence = last + 1 + i, Time = _time.GetUtcNow() })]);
    }

    /// <summary>An outbox works until something holds, while the clock is moved on; then it is told to end.</summary>
    private async Task Work(Func<Task<bool>> until)
    {
        using var webhook = new Webhook(_secrets.GetValueOrDefault, _time);
        await using var log = new LoggerConfiguration().WriteTo.Sink(_log).CreateLogger();
        using var end = new CancellationTokenSource();
        var work = new Outbox(_store, _state, webhook, _time, log).Run(end.Token);
        while (!work.IsCompleted && !await until())
        {
            var wait = (await State()).Notices.Where(notice => notice.Phase == NoticePhase.Waiting).Select(notice => notice.Due - _time.GetUtcNow()).DefaultIfEmpty().Min();
            _time.Advance(wait > Step ? wait : Step);
            await Task.Delay(1); // the receiver's answer takes its own time
        }
        await end.CancelAsync();
        for (; !work.IsCompleted; await Task.Delay(1)) _time.Advance(Step);
        await work;
    }

    private sealed class Lines : ILogEventSink
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

        public void Emit(LogEvent logEvent) => _lines.Enqueue(logEvent.RenderMessage());

        public override string ToString() => string.Join('\n', _lines);
    }
}
