using System.Collections.Concurrent;

namespace Pipeline.Stages.Grpo;

/// <summary>
/// Threads on which completions are scored while the training thread samples the next: a reward that waits, for a program, a
/// server or another model, waits here. Each reward bounds its own time, so a step waits at most for that.
/// </summary>
internal sealed class ScoringThreads : IDisposable
{
    // Scores that take long are waited for, not computed here; so there may be more threads than cores.
    private const int Threads = 16;

    private readonly BlockingCollection<Action> _work = [];
    private readonly List<Thread> _threads = [];

    /// <summary>Runs a function on one of the threads; what it throws is the task's.</summary>
    public Task<T> Run<T>(Func<T> function)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try { result.SetResult(function()); }
            catch (Exception error) { result.SetException(error); }
        });
        if (_threads.Count < Threads && _work.Count > 0) Begin();
        return result.Task;
    }

    /// <summary>Waits for what is being scored, and forgets what is not.</summary>
    public void Dispose()
    {
        while (_work.TryTake(out _)) { }
        _work.CompleteAdding();
        foreach (var thread in _threads) thread.Join();
        _work.Dispose();
    }

    private void Begin()
    {
        var thread = new Thread(() =>
        {
            foreach (var one in _work.GetConsumingEnumerable()) one();
        }) { IsBackground = true, Name = $"scoring {_threads.Count + 1}" };
        _threads.Add(thread);
        thread.Start();
    }
}
