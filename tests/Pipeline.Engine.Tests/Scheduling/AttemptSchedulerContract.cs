using System.Collections.Concurrent;
using Pipeline.Engine.Ports;

namespace Pipeline.Engine.Tests.Scheduling;

/// <summary>What every <see cref="IAttemptScheduler"/> promises.</summary>
public abstract class AttemptSchedulerContract
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);

    private protected abstract TimeProvider Time { get; }

    private protected abstract IAttemptScheduler Make();

    private protected abstract void Live(Func<Task> story);

    [Test]
    public void DueAttempts_ArePerformed_OnceEach() => Live(async () =>
    {
        var performed = new Performed(3);
        await During(performed.Perform, async scheduler =>
        {
            for (var i = 0; i < 3; i++) await scheduler.Schedule(new("run", $"s{i}", 1), Time.GetUtcNow());
            await performed.All;
        });
        Assert.That(performed.Attempts.Select(attempt => attempt.Instance), Is.EquivalentTo(new[] { "s0", "s1", "s2" }));
    });

    [Test]
    public void DelayedAttempt_IsPerformed_NotBeforeItsTime() => Live(async () =>
    {
        var due = Time.GetUtcNow() + Soon;
        DateTimeOffset? at = null;
        var performed = new Performed(1);
        await During(async (attempt, token) => { at = Time.GetUtcNow(); await performed.Perform(attempt, token); }, async scheduler =>
        {
            await scheduler.Schedule(new("run", "s", 2), due);
            await performed.All;
        });
        Assert.That(at, Is.GreaterThanOrEqualTo(due));
    });

    [Test]
    public void NextAttemptOfAStage_ScheduledByTheOneBefore_IsPerformedAfterIt() => Live(async () =>
    {
        IAttemptScheduler? its = null;
        var inside = 0;
        var performed = new Performed(3);
        await During(async (attempt, token) =>
        {
            Assert.That(Interlocked.Increment(ref inside), Is.EqualTo(1), "two attempts of one stage at once");
            if (attempt.Attempt < 3) await its!.Schedule(attempt with { Attempt = attempt.Attempt + 1 }, Time.GetUtcNow());
            await Task.Delay(TimeSpan.FromMilliseconds(5), Time, token);
            Interlocked.Decrement(ref inside);
            await performed.Perform(attempt, token);
        }, async scheduler =>
        {
            its = scheduler;
            await scheduler.Schedule(new("run", "s", 1), Time.GetUtcNow());
            await performed.All;
        });
        Assert.That(performed.Attempts.Select(attempt => attempt.Attempt), Is.EqualTo(new[] { 1, 2, 3 }));
    });

    [Test]
    public void Interrupt_OfAWaitingAttempt_TakesItBack() => Live(async () =>
    {
        var performed = new Performed(1);
        await During(performed.Perform, async scheduler =>
        {
            await scheduler.Schedule(new("run", "taken_back", 1), Time.GetUtcNow() + Soon);
            await scheduler.Schedule(new("run", "other", 1), Time.GetUtcNow() + (2 * Soon));
            await scheduler.Interrupt(new("run", "taken_back", 1));
            await performed.All;
        });
        Assert.That(performed.Attempts.Single().Instance, Is.EqualTo("other"));
    });

    [Test]
    public void Interrupt_OfAPerformedAttempt_CancelsItsToken() => Live(async () =>
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        await During(async (_, token) =>
        {
            begun.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, Time, token);
            }
            finally { ended.SetResult(); }
        }, async scheduler =>
        {
            await scheduler.Schedule(new("run", "s", 1), Time.GetUtcNow());
            await begun.Task;
            await scheduler.Interrupt(new("run", "s", 1));
            await ended.Task;
        });
    });

    [Test]
    public void End_CancelsWhatIsPerformed_AndWaitsForIt() => Live(async () =>
    {
        var begun = new TaskCompletionSource();
        var ended = false;
        await During(async (_, token) =>
        {
            begun.SetResult();
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, Time, token);
            }
            finally { ended = true; }
        }, async scheduler =>
        {
            await scheduler.Schedule(new("run", "s", 1), Time.GetUtcNow());
            await begun.Task;
        });
        Assert.That(ended, Is.True);
    });

    [Test]
    public void AfterTheEnd_ScheduleAndInterrupt_DoNothing() => Live(async () =>
    {
        IAttemptScheduler? its = null;
        var performed = new Performed(1);
        await During(performed.Perform, scheduler =>
        {
            its = scheduler;
            return Task.CompletedTask;
        });
        await its!.Schedule(new("run", "s", 1), Time.GetUtcNow());
        await its.Interrupt(new("run", "s", 1));
        Assert.That(performed.Attempts, Is.Empty);
    });

    private async Task During(Func<AttemptKey, CancellationToken, Task> perform, Func<IAttemptScheduler, Task> story)
    {
        var scheduler = Make();
        using var end = new CancellationTokenSource();
        var running = scheduler.Run(perform, end.Token);
        await story(scheduler);
#pragma warning disable CA1849 // CancelAsync would go on in the thread pool, outside of a virtual world
        end.Cancel();
#pragma warning restore CA1849
        try
        {
            await running;
        }
        catch (OperationCanceledException) { } // the end that was asked for
    }

    private sealed class Performed(int expected)
    {
        private readonly TaskCompletionSource _all = new();

        public ConcurrentQueue<AttemptKey> Attempts { get; } = new();

        public Task All => _all.Task;

        public Task Perform(AttemptKey attempt, CancellationToken token)
        {
            Attempts.Enqueue(attempt);
            if (Attempts.Count == expected) _all.SetResult();
            return Task.CompletedTask;
        }
    }
}
