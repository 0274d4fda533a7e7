using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;
using Pipeline.Spec.Shapes;
using Pipeline.Spec.Written;

namespace Pipeline.Spec.Loading;

/// <summary>What a stage says, else the file's defaults, else ours; setting by setting.</summary>
internal static class Settings
{
    public static StageResources Resources(ResourcesSpec? stage, ResourcesSpec? defaults)
    {
        var memory = stage?.Memory ?? defaults?.Memory;
        var timeout = stage?.Timeout ?? defaults?.Timeout;
        return new StageResources(
            stage?.Cpus ?? defaults?.Cpus,
            stage?.Gpus ?? defaults?.Gpus ?? 0,
            memory is null ? null : (long?)Units.Parse(memory, Units.Bytes),
            timeout is null ? null : Units.Parse(timeout, Units.Seconds),
            stage?.Nodes ?? defaults?.Nodes ?? 1);
    }

    public static SlurmSettings Slurm(SlurmSpec? stage, SlurmSpec? defaults) => new(
        stage?.Partition ?? defaults?.Partition,
        stage?.Account ?? defaults?.Account,
        stage?.Qos ?? defaults?.Qos,
        stage?.Constraint ?? defaults?.Constraint,
        stage?.GpuType ?? defaults?.GpuType,
        Seconds(stage?.Time ?? defaults?.Time));

    public static RetryPolicy Retry(RetrySpec? stage, RetrySpec? defaults)
    {
        var ours = new RetryPolicy();
        return new RetryPolicy(
            stage?.Limit ?? defaults?.Limit ?? ours.Limit,
            (stage?.On ?? defaults?.On)?.SelectMany(Classes).Distinct().ToArray(),
            Seconds(stage?.Backoff?.Initial ?? defaults?.Backoff?.Initial) ?? ours.InitialSeconds,
            stage?.Backoff?.Factor ?? defaults?.Backoff?.Factor ?? ours.Factor,
            Seconds(stage?.Backoff?.Max ?? defaults?.Backoff?.Max) ?? ours.MaxSeconds,
            stage?.ExitCodes ?? defaults?.ExitCodes,
            stage?.Backoff?.Jitter ?? defaults?.Backoff?.Jitter ?? ours.Jitter);
    }

    public static CheckpointPolicy Checkpoints(CheckpointsSpec? stage, CheckpointsSpec? defaults)
    {
        var best = stage?.KeepBest ?? defaults?.KeepBest;
        return new CheckpointPolicy(
            Steps(stage?.Every ?? defaults?.Every),
            stage?.KeepLast ?? defaults?.KeepLast ?? new CheckpointPolicy().KeepLast,
            Steps(stage?.KeepEvery ?? defaults?.KeepEvery),
            best?.Metric is { } metric ? new KeepBest(metric, best.Mode ?? BestMode.Max, best.N ?? 1) : null);
    }

    private static int? Steps(string? steps) => steps is null ? null : (int?)Units.Parse(steps, Units.Steps);

    public static IReadOnlyList<Gate> Gates(IReadOnlyList<GateSpec>? stage) =>
        [.. (stage ?? [])
            .Where(gate => gate is { Metric: not null, Op: not null, Value: not null }) // what is missing is reported by now
            .Select(gate => new Gate(gate.Metric!, gate.Op!.Value, gate.Value!.Value, gate.OnFail ?? GateFailure.Stop))];

    public static Approval? Approval(ApprovalSpec? stage) => stage?.Message is { } message
        ? new Approval(message, Seconds(stage.Timeout), stage.OnTimeout ?? ApprovalTimeout.Reject)
        : null;

    private static double? Seconds(string? duration) => duration is null ? null : Units.Parse(duration, Units.Seconds);

    private static IEnumerable<FailureClass> Classes(RetryCause cause) => cause switch
    {
        RetryCause.Interrupted or RetryCause.Preempted => [FailureClass.Interrupted],
        RetryCause.NodeFailure => [FailureClass.NodeFailure],
        RetryCause.Stalled => [FailureClass.Stalled],
        RetryCause.Retryable => [FailureClass.Interrupted, FailureClass.NodeFailure, FailureClass.Stalled],
        RetryCause.Timeout => [FailureClass.Timeout],
        _ => [FailureClass.Failed],
    };
}
