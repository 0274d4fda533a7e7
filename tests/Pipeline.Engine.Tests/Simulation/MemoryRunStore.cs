using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;

namespace Pipeline.Engine.Tests.Simulation;

/// <summary>The twin of the stores in memory. What it keeps went through JSON, so that what cannot be written is noticed here too.</summary>
internal sealed class MemoryRunStore : IRunStore
{
    private readonly List<JournalEvent> _events = [];
    private readonly SortedDictionary<string, RunSummary> _runs = new(StringComparer.Ordinal);
    private readonly List<Row> _attempts = [];
    private readonly SortedSet<string> _deleted = new(StringComparer.Ordinal);

    private sealed record Row(AttemptSummary Summary, string Token, AttemptSucceeded? Success = null);

    public Task Append(string run, long expectedSequence, IReadOnlyList<JournalEvent> events)
    {
        var summary = _runs.GetValueOrDefault(run);
        var actual = summary?.Sequence ?? 0;
        if (actual != expectedSequence)
            return Task.FromException(new SequenceConflictException(run, expectedSequence, actual));
        if (events.OfType<StageCached>().FirstOrDefault(fact => fact.SourceRun != run && !_runs.ContainsKey(fact.SourceRun)) is { } orphan)
            return Task.FromException(new SourceDeletedException(orphan.SourceRun));
        foreach (var fact in events)
        {
            summary = RunSummary.Apply(summary, fact);
            _events.Add(JournalJson.Read(JournalJson.Write(fact)));
            Derive(summary, fact);
        }
        _runs[run] = summary!;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<JournalEvent>> Read(string run, long afterSequence = 0, int limit = int.MaxValue) => Answer<JournalEvent>(
        _events.Where(fact => fact.Run == run && fact.Sequence > afterSequence).Take(limit));

    public Task<JournalChanges> Changes(long afterPosition) => Task.FromResult(new JournalChanges(
        _events.Count,
        afterPosition >= _events.Count ? [] : [.. _events.Skip((int)afterPosition).Select(fact => fact.Run).Distinct()]));

    public Task<IReadOnlyList<RunSummary>> Unfinished() => Answer(NewestFirst().Reverse().Where(run => run.Ended is null));

    public Task<IReadOnlyList<RunSummary>> Newest(int limit, string? before = null) => Answer(NewestFirst()
        .SkipWhile(run => before is not null && run.Run != before)
        .Skip(before is null ? 0 : 1)
        .Take(limit));

    public Task<RunSummary?> Find(string run) => Task.FromResult(_runs.GetValueOrDefault(run));

    public Task<IReadOnlyList<AttemptSucceeded>> Succeeded(string fingerprint) => Answer(
        Attempts(row => row.Summary.Fingerprint == fingerprint).Select(row => row.Success).OfType<AttemptSucceeded>());

    public Task<IReadOnlyList<AttemptSummary>> AttemptsOf(string fingerprint) => Answer(
        Attempts(row => row.Summary.Fingerprint == fingerprint).Select(row => row.Summary));

    public Task<IReadOnlyList<AttemptSummary>> AttemptsAt(string pipeline, string instance, int limit) => Answer(
        Attempts(row => row.Summary.Pipeline == pipeline && row.Summary.Instance == instance && row.Summary.Fingerprint != "")
            .Select(row => row.Summary).Take(limit));

    public Task Delete(IReadOnlyCollection<string> runs)
    {
        try
        {
            foreach (var run in runs)
                DeletionRule.Check(
                    run, _runs.GetValueOrDefault(run),
                    [.. _events.OfType<StageCached>().Where(fact => fact.SourceRun == run).Select(fact => fact.Run).Except(runs)]);
        }
        catch (EngineException error) { return Task.FromException(error); }
        _events.RemoveAll(fact => runs.Contains(fact.Run));
        _attempts.RemoveAll(row => runs.Contains(row.Summary.Run));
        foreach (var run in runs) _runs.Remove(run);
        _deleted.UnionWith(runs);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> Deleted() => Answer(_deleted);

    public Task Forget(string run)
    {
        _deleted.Remove(run);
        return Task.CompletedTask;
    }

    private IEnumerable<RunSummary> NewestFirst() =>
        _runs.Values.OrderByDescending(run => run.Submitted).ThenByDescending(run => run.Run, StringComparer.Ordinal);

    private IEnumerable<Row> Attempts(Func<Row, bool> which) => _attempts.Where(which)
        .OrderByDescending(row => row.Summary.Intended)
        .ThenByDescending(row => row.Summary.Run, StringComparer.Ordinal)
        .ThenByDescending(row => row.Summary.Attempt);

    private void Derive(RunSummary run, JournalEvent fact)
    {
        if (fact is AttemptIntended intent)
        {
            var parts = intent.FingerprintParts.DeepClone().AsObject();
            _attempts.Add(new(
                new(run.Run, run.Pipeline, intent.Instance, intent.Attempt, intent.Fingerprint, parts, true, intent.Time), intent.Token));
        }
        if (fact is not AttemptFact end || end is not (AttemptSucceeded or AttemptFailed)) return;
        var place = _attempts.FindIndex(row => row.Summary.Run == end.Run && row.Token == end.Token && row.Summary.Alive);
        if (place < 0) return;
        var row = _attempts[place];
        _attempts[place] = row with { Summary = row.Summary with { Alive = false }, Success = end as AttemptSucceeded };
    }

    private static Task<IReadOnlyList<T>> Answer<T>(IEnumerable<T> rows) => Task.FromResult<IReadOnlyList<T>>([.. rows]);
}
