using System.Text.Json;
using Pipeline.Engine.Folders;
using Pipeline.Engine.Loop;
using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;
using Serilog;

namespace Pipeline.Engine.Notifying;

/// <summary>
/// Sends what webhooks are owed, beside an engine. What is owed follows from the journal, and that something was sent is
/// written there afterwards: a crash in between repeats it, under the same <see cref="Notice.Id"/>, and nothing is lost.
/// </summary>
/// <remarks>
/// <c>notified.json</c> in the state folder holds the position in the journal up to which nothing is owed, so that a start
/// does not read every old run. Losing it costs the time to read them, no more.
/// </remarks>
public sealed class Outbox(IRunStore store, StateFolder state, Webhook webhook, TimeProvider time, ILogger log)
{
    private const string PositionFile = "notified.json";
    private const int Tries = 12;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan Unrecorded = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, RunState> _runs = [];
    private readonly Dictionary<string, Task> _flying = [];
    private long? _position;
    private long _written = -1;

    private bool Owes => _runs.Values.Any(run => run.Notices.Any(notice => notice.IsOwed(time.GetUtcNow())));

    /// <summary>Works until told to end. What happened until then is tried once more for a few seconds before it returns.</summary>
    public async Task Run(CancellationToken end)
    {
        using var abort = new CancellationTokenSource();
        try
        {
            while (!end.IsCancellationRequested)
            {
                await Round(abort.Token);
                await Task.Delay(Interval, time, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            await Round(abort.Token);
            await Task.WhenAny(Task.WhenAll(_flying.Values), Task.Delay(Farewell, time, CancellationToken.None));
            await abort.CancelAsync(); // not told, not recorded: the next engine sends it
            await Task.WhenAll(_flying.Values);
            await Round(abort.Token);
        }
        catch (EngineException error) { log.Warning(error, "Nobody is notified any more until the next engine: the journal cannot be used"); }
    }

    /// <summary>Whether anybody is still owed anything; looks into the journal.</summary>
    public static async Task<bool> IsOwing(IRunStore store, StateFolder state, TimeProvider time)
    {
        try
        {
            foreach (var run in (await store.Changes(ReadPosition(state))).Runs)
                if (await store.Read(run) is { Count: > 0 } events && RunState.Fold(events).Notices.Any(notice => notice.IsOwed(time.GetUtcNow()))) return true;
            return false;
        }
        catch (StoreUnavailableException) { return true; } // who does not know stays
    }

    private async Task Round(CancellationToken abort)
    {
        // Those that had ended before the look are in what it reads; one that ends meanwhile may not be, and is left for the next round.
        string[] landed = [.. _flying.Where(flight => flight.Value.IsCompleted).Select(flight => flight.Key)];
        try
        {
            await Look();
        }
        catch (StoreUnavailableException) { return; } // the engine beside it says so, once
        foreach (var notice in landed) _flying.Remove(notice);
        if (!abort.IsCancellationRequested)
            foreach (var run in _runs.Values)
                foreach (var notice in run.Notices.Where(IsDue)) _flying[notice.Id] = Send(run, notice, abort);
        if (!Owes) WritePosition();
    }

    private bool IsDue(Notice notice) =>
        notice.IsOwed(time.GetUtcNow()) && notice.Due <= time.GetUtcNow() && !_flying.ContainsKey(notice.Id);

    private async Task Look()
    {
        // The position is taken first: what is appended while the runs are read is seen again, which does no harm.
        var changes = await store.Changes(_position ?? ReadPosition(state));
        IEnumerable<string> runs = _position is null ? changes.Runs.Concat((await store.Unfinished()).Select(run => run.Run)).Distinct() : changes.Runs;
        foreach (var run in runs) await TakeIn(run);
        _position = changes.Position;
    }

    private async Task TakeIn(string id)
    {
        var known = _runs.GetValueOrDefault(id);
        var events = await store.Read(id, known?.Sequence ?? 0);
        if (events.Count > 0) known = known is null ? RunState.Fold(events) : events.Aggregate(known, (run, fact) => run.Apply(fact));
        foreach (var notice in known?.Notices.Where(notice => notice.IsExpired(time.GetUtcNow())) ?? []) await Expire(notice);
        if (known is null || (known.Over && !known.Notices.Any(notice => notice.IsOwed(time.GetUtcNow())))) _runs.Remove(id);
        else _runs[id] = known;
    }

    private async Task Expire(Notice notice)
    {
        if (_flying.ContainsKey(notice.Id)) return; // what becomes of it is recorded soon
        log.Warning("Notification {Notice} is given up: it is older than {Hours} hours", notice.Id, Notice.OfUse.TotalHours);
        await Record(notice, newest => new NotificationFailed
        {
            About = newest.About.Sequence, To = newest.To, Attempt = newest.Attempts,
            Message = newest.Trouble ?? $"No engine was at work in the {Notice.OfUse.TotalHours} hours after it.",
        });
    }

    private async Task Send(RunState run, Notice notice, CancellationToken abort)
    {
        try
        {
            CrashPoint.Before("notify");
            var answer = await webhook.Post(run, notice, abort);
            CrashPoint.After("notify");
            await Record(notice, newest => Fact(newest, answer));
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested) { }
        catch (Exception error) when (error is EngineException or StoreUnavailableException)
        {
            log.Warning(error, "It could not be recorded what became of notification {Notice}; it is sent again in {Pause}", notice.Id, Unrecorded);
            await Task.Delay(Unrecorded, time, abort).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Record(Notice notice, Func<Notice, JournalEvent> fact)
    {
        while (true)
        {
            if (await store.Read(notice.About.Run) is not { Count: > 0 } events) return; // the run was deleted
            var run = RunState.Fold(events);
            if (run.Notices.FirstOrDefault(known => known.Id == notice.Id) is not { Phase: NoticePhase.Waiting } newest) return;
            try
            {
                await JournalWriter.Append(store, time, run.Run, run.Sequence, [fact(newest)]);
                return;
            }
            catch (SequenceConflictException) { } // something else happened to the run: read on
        }
    }

    private JournalEvent Fact(Notice notice, WebhookAnswer answer)
    {
        var attempt = notice.Attempts + 1;
        if (answer.Trouble is not { } trouble) return new NotificationSent { About = notice.About.Sequence, To = notice.To, Attempt = attempt };
        log.Warning("Notification {Notice}, try {Attempt}: {Trouble}", notice.Id, attempt, trouble);
        return new NotificationFailed
        {
            About = notice.About.Sequence, To = notice.To, Attempt = attempt, Message = trouble,
            Again = answer.IsFinal || attempt >= Tries ? null : time.GetUtcNow() + Pause(attempt, answer.RetryAfter),
        };
    }

    /// <summary>Twice as long after each try: 5 s, 10 s, ... and an hour at most; longer where the receiver asks for it, up to that hour.</summary>
    private static TimeSpan Pause(int attempt, TimeSpan? asked)
    {
        var pause = FirstPause * Math.Pow(2, attempt - 1);
        if (asked > pause) pause = asked.Value;
        return pause < LongestPause ? pause : LongestPause;
    }

    private static long ReadPosition(StateFolder state)
    {
        try
        {
            return JsonSerializer.Deserialize<Position>(File.ReadAllBytes(state.Of(PositionFile)), ProtocolJson.Line)?.Journal ?? 0;
        }
        catch (Exception error) when (error is IOException or JsonException) { return 0; }
    }

    private void WritePosition()
    {
        if (_position is not { } reached || reached == _written) return;
        try
        {
            WholeFile.Refresh(state.Of(PositionFile), JsonSerializer.Serialize(new Position(reached), ProtocolJson.Line));
            _written = reached;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { log.Warning(error, "{File} could not be written", PositionFile); }
    }

    private sealed record Position(long Journal);
}
