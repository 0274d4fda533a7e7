using Pipeline.Engine.Ports;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Attempts;

/// <summary>Where the inputs of a stage lie, once the stages that make them are done.</summary>
public static class StageInputs
{
    /// <summary>The inputs by name, with digests. Those of a skipped stage are left out.</summary>
    /// <exception cref="EngineException"><see cref="EngineErrors.InputMissing"/>.</exception>
    public static IReadOnlyDictionary<string, JobInput> Resolve(RunState state, StageState stage, IRunFiles files)
    {
        var inputs = new SortedDictionary<string, JobInput>(StringComparer.Ordinal);
        foreach (var (name, input) in stage.Stage.Inputs)
        {
            if (input.Path is { } path)
            {
                var digest = files.Digest(path) ?? throw new EngineException(
                    EngineErrors.InputMissing,
                    $"Input '{name}' of stage '{stage.Instance}' is not there: {path}. Put it there, or correct the path, and resume the run.");
                inputs[name] = new JobInput(path, input.Kind, digest);
                continue;
            }
            var source = state.Stage(input.Stage!);
            if (source.Phase == StagePhase.Skipped) continue;
            if (!source.Outputs.TryGetValue(input.Output!, out var output))
            {
                throw new EngineException(
                    EngineErrors.InputMissing,
                    $"Stage '{stage.Instance}' reads output '{input.Output}' of stage '{input.Stage}', which made no such output.");
            }
            inputs[name] = new JobInput(output.Path, output.Kind, output.Digest);
        }
        return inputs;
    }
}
