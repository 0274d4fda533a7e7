using System.Text.Json;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Stages.Hosting;

/// <summary>
/// Tells how far the stage is, once a second, from a timer and not from the training loop: a step that takes minutes
/// is not a dead stage.
/// </summary>
public sealed class HeartbeatTimer : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Lock _writing = new();
    private readonly string _path;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly SortedDictionary<string, double> _spent = new(StringComparer.Ordinal);
    private string _phase = "loading";
    private long _phaseSince;
    private long _step;
    private long _total;
    private long _firstStep;
    private long _firstStepAt;
    private long _lastStepAt;

    /// <param name="path">The heartbeat file; the first beat is there when the constructor returns.</param>
    /// <param name="clock">Where time comes from.</param>
    public HeartbeatTimer(string path, TimeProvider clock)
    {
        (_path, _clock, _phaseSince) = (path, clock, clock.GetTimestamp());
        Write();
        _timer = clock.CreateTimer(_ => Write(), null, s_interval, s_interval);
    }

    /// <summary>Says what the stage does now: loading, training, sampling, evaluating, saving.</summary>
    public void Enter(string phase)
    {
        lock (_lock)
        {
            Book();
            _phase = phase;
        }
    }

    /// <summary>Seconds in each phase since the last call: where the time of a step went.</summary>
    public IReadOnlyDictionary<string, double> TakeSeconds()
    {
        lock (_lock)
        {
            Book();
            var spent = _spent.ToDictionary();
            _spent.Clear();
            return spent;
        }
    }

    /// <summary>Says how many steps there are, and that <paramref name="done"/> of them were done before now.</summary>
    public void Begin(long total, long done)
    {
        lock (_lock)
        {
            (_total, _step, _firstStep) = (total, done, done);
            _firstStepAt = _lastStepAt = _clock.GetTimestamp();
        }
    }

    /// <summary>Says that step <paramref name="step"/> is done.</summary>
    public void Done(long step)
    {
        lock (_lock) (_step, _lastStepAt) = (step, _clock.GetTimestamp());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        Write();
    }

    /// <summary>How far it is and, from the mean rate of this attempt's steps, how long it will still take.</summary>
    public Heartbeat Now()
    {
        lock (_lock)
        {
            var steps = _step - _firstStep;
            double? eta = steps > 0 && _total > 0
                ? Math.Round(_clock.GetElapsedTime(_firstStepAt, _lastStepAt).TotalSeconds / steps * (_total - _step), 1)
                : null;
            return new Heartbeat(_step, _total, _phase, eta);
        }
    }

    private void Book()
    {
        _spent[_phase] = _spent.GetValueOrDefault(_phase) + _clock.GetElapsedTime(_phaseSince).TotalSeconds;
        _phaseSince = _clock.GetTimestamp();
    }

    private void Write()
    {
        // Two ticks can overlap when the machine is busy, and both would write the same temporary file.
        lock (_writing)
        {
            try { WholeFile.Refresh(_path, JsonSerializer.Serialize(Now(), ProtocolJson.Line)); }
            catch (IOException) { } // a full disk must not end the training; a heartbeat that stays old is noticed
        }
    }
}
