using Pipeline.Engine.Ports;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>The driver on any clock, the virtual one above all: a delay and a call.</summary>
internal sealed class SimulatedScheduler(TimeProvider time) : IAttemptScheduler
{
    private readonly TaskCompletionSource<(Func<AttemptKey, CancellationToken, Task> Perform, CancellationToken Stop)> _running = new();
    private readonly Dictionary<AttemptKey, CancellationTokenSource> _tokens = [];
    private readonly Dictionary<(string Run, string Instance), Task> _last = [];

    public Task Schedule(AttemptKey attempt, DateTimeOffset notBefore)
    {
        var stage = (attempt.Run, attempt.Instance);
        var token = _tokens[attempt] = new CancellationTokenSource();
        _last[stage] = Fire(attempt, notBefore, token, _last.GetValueOrDefault(stage, Task.CompletedTask));
        return Task.CompletedTask;
    }

    public Task Interrupt(AttemptKey attempt)
    {
#pragma warning disable CA1849 // CancelAsync would go on in the thread pool, outside of the virtual world
        if (_tokens.TryGetValue(attempt, out var token)) token.Cancel();
#pragma warning restore CA1849
        return Task.CompletedTask;
    }

    public async Task Run(Func<AttemptKey, CancellationToken, Task> perform, CancellationToken cancellation)
    {
        _running.SetResult((perform, cancellation));
        var stopped = new TaskCompletionSource(); // Task.WhenAny would go on in the thread pool, outside of the virtual world
        await using var stopping = cancellation.Register(stopped.SetResult);
        await stopped.Task;
        await Task.WhenAll(_last.Values.ToArray());
    }

    private async Task Fire(AttemptKey attempt, DateTimeOffset notBefore, CancellationTokenSource token, Task before)
    {
        await Task.Yield(); // the caller may be an attempt of the same stage that has not returned yet
        var (perform, stop) = await _running.Task;
        await using var stopping = stop.Register(token.Cancel);
        try
        {
            await before;
            if (notBefore - time.GetUtcNow() is { Ticks: > 0 } wait) await Task.Delay(wait, time, token.Token);
            token.Token.ThrowIfCancellationRequested();
            await perform(attempt, token.Token);
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested) { }
        finally
        {
            if (_tokens.GetValueOrDefault(attempt) == token) _tokens.Remove(attempt);
            token.Dispose();
        }
    }
}
