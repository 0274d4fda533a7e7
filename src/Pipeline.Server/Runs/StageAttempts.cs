using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using Pipeline.Server.Http;

namespace Pipeline.Server.Runs;

/// <summary>
/// Finds the folders of a stage's attempts. Names in a request only ever choose among those in the journal; no path is
/// made from them.
/// </summary>
internal sealed class StageAttempts(RunCatalog runs, StateFiles files)
{
    /// <summary>The attempts whose files tell the story of a stage. For a stage taken from the cache: of the run that made it.</summary>
    /// <exception cref="Engine.EngineException">There is no such run.</exception>
    /// <exception cref="ServerException">The run has no such stage.</exception>
    public async Task<AttemptChain> Find(string run, string instance)
    {
        var state = (await runs.Find(run)).State;
        var stage = Stage(state, instance);
        if (stage.Cached is not { } cached) return Chain(state.Run, stage.Instance, stage.Attempts);
        var source = (await runs.Find(cached.SourceRun)).State;
        return Chain(source.Run, cached.SourceInstance, Stage(source, cached.SourceInstance).Attempts.Take(cached.SourceAttempt));
    }

    private AttemptChain Chain(string run, string instance, IEnumerable<AttemptState> attempts) => new(run, instance,
        [.. attempts.Select(attempt => new ChainedAttempt(
            attempt.Number, attempt.Intent.ResumeStep, attempt.Alive, files.State.Attempt(new AttemptKey(run, instance, attempt.Number))))]);

    /// <summary>The stage of that name.</summary>
    /// <exception cref="ServerException">The run has no such stage.</exception>
    public static StageState Stage(RunState state, string instance) =>
        state.ByInstance.GetValueOrDefault(instance) ?? throw ApiProblems.NotFound(
            $"Run {state.Run} has no stage {instance}. It has: {string.Join(", ", state.Stages.Select(stage => stage.Instance))}.");
}

/// <summary>The attempts at a stage, oldest first.</summary>
/// <param name="Run">The run they belong to.</param>
/// <param name="Instance">The stage instance in that run.</param>
/// <param name="Attempts">The attempts.</param>
internal sealed record AttemptChain(string Run, string Instance, IReadOnlyList<ChainedAttempt> Attempts)
{
    /// <summary>The attempt of that number, or the newest for null.</summary>
    /// <exception cref="ServerException">There is none.</exception>
    public ChainedAttempt Pick(int? number) =>
        Attempts.LastOrDefault(attempt => number is null || attempt.Number == number) ?? throw ApiProblems.NotFound(number is null
            ? $"Stage {Instance} of run {Run} has not been started."
            : $"Stage {Instance} of run {Run} has no attempt {number}; it has {Attempts.Count}.");

    /// <summary>
    /// The last step up to which rows of an attempt count: the smallest from which a later one went on. Null: all count.
    /// An attempt that started afresh leaves nothing of those before it.
    /// </summary>
    public long? LastStepOf(int index)
    {
        var later = Attempts.Skip(index + 1).ToList();
        return later.Count == 0 ? null : later.Min(attempt => attempt.ResumeStep ?? -1);
    }
}

/// <summary>One attempt and its folder.</summary>
/// <param name="Number">Number of the attempt, from 1.</param>
/// <param name="ResumeStep">Step it went on from; null if it started afresh.</param>
/// <param name="Alive">Whether it has not ended.</param>
/// <param name="Folder">Its folder.</param>
internal sealed record ChainedAttempt(int Number, long? ResumeStep, bool Alive, AttemptFolder Folder);
