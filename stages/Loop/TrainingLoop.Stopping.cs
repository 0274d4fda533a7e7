using Pipeline.Stages.Hosting;

namespace Pipeline.Stages.Loop;

/// <content>Ending early, with the model as it is, because a <c>stop_when</c> of the pipeline holds.</content>
public sealed partial class TrainingLoop
{
    private const string MemoryOfStop = "stopped_by";

    /// <summary>The condition that has ended the training; null while none has. In checkpoints, so that a stage killed after it does not go on.</summary>
    private string? StoppedBy => (string?)Memory[MemoryOfStop];

    private void LookForStop(IReadOnlyList<string> alarms)
    {
        if (_stopRule.Look(Done, LastMetrics, alarms, Memory) is { } condition) Memory[MemoryOfStop] = condition.ToString();
    }

    private void TellStop()
    {
        if (StoppedBy is { } condition)
        {
            var message = $"{condition}: ended after step {Done} of {_settings.Steps}, with the model as it is then.";
            _stage.Events.Stopped(Done, message, StageErrors.StopWhen);
            _stage.Events.Warn(Done, StageErrors.StopWhen, message);
        }
        foreach (var metric in _stopRule.NeverTold(Memory))
            _stage.Events.Warn(Done, "STOP_METRIC_UNKNOWN",
                $"stop_when waits for '{metric}', but no step has told it; metrics.jsonl has {string.Join(", ", LastMetrics.Keys)}.");
    }
}
