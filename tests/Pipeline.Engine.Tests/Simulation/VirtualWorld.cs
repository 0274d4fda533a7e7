namespace Pipeline.Engine.Tests.Simulation;

/// <summary>
/// One thread and one clock for everything that happens in a simulation. When nothing is left to do at this moment the
/// clock jumps to the next timer, so hours pass in milliseconds, and in the same order each time.
/// </summary>
internal sealed class VirtualWorld : TimeProvider
{
    private static readonly DateTimeOffset Epoch = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Queue<Action> _ready = new();
    private readonly PriorityQueue<VirtualTimer, (long Due, long Order)> _timers = new();
    private long _now;
    private TimeSpan _jumped;
    private long _order;
    private int _doneNow;

    /// <summary>What lives outside of every engine: the machine, people, other processes.</summary>
    public VirtualProcess Outside { get; }

    public VirtualWorld() => Outside = new VirtualProcess(this);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Epoch.AddTicks(_now) + _jumped;

    /// <summary>How long the world exists; no jump of the clock on the wall changes that.</summary>
    public TimeSpan Age => TimeSpan.FromTicks(_now);

    /// <summary>Somebody sets the clock on the wall.</summary>
    public void SetClock(TimeSpan by) => _jumped += by;

    public override long GetTimestamp() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new VirtualTimer(this, callback, state, dueTime);

    public void Enqueue(Action work) => _ready.Enqueue(work);

    /// <summary>Lives through <paramref name="story"/>; throws what it throws.</summary>
    public void Run(Func<Task> story)
    {
        var before = SynchronizationContext.Current;
        try
        {
            Task? told = null;
            Outside.Post(_ => told = story(), null);
            while (told is not { IsCompleted: true })
            {
                if (_ready.TryDequeue(out var work)) Do(work);
                else if (_timers.TryDequeue(out var timer, out var due)) Fire(timer, due.Due);
                else throw new InvalidOperationException("Everything waits and no timer is set: a deadlock.");
            }
            told.GetAwaiter().GetResult();
        }
        finally { SynchronizationContext.SetSynchronizationContext(before); }
    }

    private void Do(Action work)
    {
        if (++_doneNow > 1_000_000) throw new InvalidOperationException("Much happens and no time passes: a livelock.");
        work();
    }

    private void Fire(VirtualTimer timer, long due)
    {
        if (timer.Due != due) return; // it was changed or disposed
        if (due > _now) (_now, _doneNow) = (due, 0);
        timer.Fire();
    }

    private sealed class VirtualTimer : ITimer
    {
        private readonly VirtualWorld _world;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly VirtualProcess? _owner = SynchronizationContext.Current as VirtualProcess;

        public VirtualTimer(VirtualWorld world, TimerCallback callback, object? state, TimeSpan due)
        {
            (_world, _callback, _state) = (world, callback, state);
            Change(due, Timeout.InfiniteTimeSpan);
        }

        public long? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : _world._now + dueTime.Ticks;
            if (Due is { } due) _world._timers.Enqueue(this, (due, _world._order++));
            return true;
        }

        public void Fire()
        {
            Due = null;
            (_owner ?? _world.Outside).Do(() => _callback(_state));
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}

/// <summary>A process of the virtual world. Killed, it does nothing more: its continuations and timers are dropped.</summary>
internal sealed class VirtualProcess(VirtualWorld world) : SynchronizationContext
{
    private static readonly Task Never = new TaskCompletionSource().Task;

    public bool IsDead { get; private set; }

    public override void Post(SendOrPostCallback callback, object? state) => world.Enqueue(() => Do(() => callback(state)));

    public void Do(Action work)
    {
        if (IsDead) return;
        SetSynchronizationContext(this);
        work();
    }

    /// <summary>As by SIGKILL. A caller inside the process awaits the answer, which never comes.</summary>
    public Task Kill()
    {
        IsDead = true;
        return Never;
    }
}
