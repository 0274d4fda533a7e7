namespace Pipeline.Training.Sampling.Cpu;

/// <summary>
/// Threads that share out small tasks. Each waits busily for a moment before it sleeps, as a step has dozens of rounds some
/// microseconds apart; and none is waited for that has taken no task, as another program may hold its core.
/// </summary>
/// <remarks>One thread at a time calls <see cref="Run"/>.</remarks>
internal sealed class Crew : IDisposable
{
    private const int SpinsBeforeSleep = 2_000;
    private const int StackBytes = 16 << 20;

    private readonly Thread[] _helpers;
    private readonly object _sleep = new();
    private Action<int> _task = _ => { };
    private long _claim; // the round's number in the upper half, the number of its tasks that nobody has taken in the lower
    private int _done, _sleepers;
    private volatile bool _stopped;

    /// <param name="threads">The caller's included.</param>
    public Crew(int threads)
    {
        _helpers = [.. Enumerable.Range(1, threads - 1).Select(_ => new Thread(Help, StackBytes) { IsBackground = true, Name = "sampling" })];
        foreach (var helper in _helpers) helper.Start();
    }

    /// <summary>Performs the tasks 0 to <paramref name="count"/> - 1, in any order, and returns when all are done.</summary>
    public void Run(int count, Action<int> task)
    {
        if (count <= 1 || _helpers.Length == 0)
        {
            for (var i = 0; i < count; i++) task(i);
            return;
        }
        (_task, _done) = (task, 0);
        var round = (Volatile.Read(ref _claim) >> 32) + 1;
        Interlocked.Exchange(ref _claim, (round << 32) | (uint)count);
        if (Volatile.Read(ref _sleepers) > 0)
            lock (_sleep) Monitor.PulseAll(_sleep);
        Work(round);
        var wait = new SpinWait();
        while (Volatile.Read(ref _done) < count) wait.SpinOnce(sleep1Threshold: -1);
    }

    public void Dispose()
    {
        _stopped = true;
        lock (_sleep) Monitor.PulseAll(_sleep);
        foreach (var helper in _helpers) helper.Join();
    }

    /// <summary>Takes tasks of a round while there are any.</summary>
    private void Work(long round)
    {
        while (true)
        {
            var claim = Volatile.Read(ref _claim);
            var left = (int)claim;
            if (claim >> 32 != round || left == 0) return;
            if (Interlocked.CompareExchange(ref _claim, claim - 1, claim) != claim) continue;
            // The round cannot end before this task is done, so what is read here belongs to it.
            _task(left - 1);
            Interlocked.Increment(ref _done);
        }
    }

    private void Help()
    {
        var seen = 0L;
        while (!_stopped)
        {
            for (var spins = 0; Volatile.Read(ref _claim) >> 32 == seen && spins < SpinsBeforeSleep && !_stopped; spins++) Thread.SpinWait(10);
            if (Volatile.Read(ref _claim) >> 32 == seen)
                lock (_sleep)
                {
                    Interlocked.Increment(ref _sleepers);
                    while (Volatile.Read(ref _claim) >> 32 == seen && !_stopped) Monitor.Wait(_sleep);
                    Interlocked.Decrement(ref _sleepers);
                }
            seen = Volatile.Read(ref _claim) >> 32;
            Work(seen);
        }
    }
}
