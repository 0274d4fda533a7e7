using Pipeline.Engine.Planning;
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
            var source = input.Best is { } best
                ? MatrixRule.Best(state, best) ?? throw new EngineException(
                    EngineErrors.MetricMissing,
                    $"Stage '{stage.Instance}' reads the best by {best.Metric} of {string.Join(", ", best.Instances)}, but none of them reported it.")
                : state.Stage(input.Stage!);
            if (source.Phase == StagePhase.Skipped) continue; // the planner lets a stage start only if it can do without
            if (!source.Outputs.TryGetValue(input.Output!, out var output))
            {
                throw new EngineException(
                    EngineErrors.InputMissing,
                    $"Stage '{stage.Instance}' reads output '{input.Output}' of stage '{source.Instance}', which made no such output.");
            }
            inputs[name] = new JobInput(output.Path, output.Kind, output.Digest);
        }
        return Renumbered(stage, inputs);
    }

    /// <summary>Closes the gaps that skipped stages left in a list of optional inputs: a program counts up to the first that is missing.</summary>
    private static SortedDictionary<string, JobInput> Renumbered(StageState stage, SortedDictionary<string, JobInput> inputs)
    {
        var closed = new SortedDictionary<string, JobInput>(StringComparer.Ordinal);
        var counts = new Dictionary<string, int>();
        foreach (var (name, spec) in stage.Stage.Inputs)
        {
            if (!inputs.TryGetValue(name, out var input)) continue;
            var place = spec.Optional && name.LastIndexOf('.') is > 0 and var point ? NextPlace(name[..point]) : name;
            closed[place] = input;
        }
        return closed;

        string NextPlace(string list)
        {
            var place = counts.GetValueOrDefault(list);
            counts[list] = place + 1;
            return $"{list}.{place}";
        }
    }
}
