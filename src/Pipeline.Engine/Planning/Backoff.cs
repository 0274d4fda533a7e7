using System.Security.Cryptography;
using System.Text;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Planning;

/// <summary>How long a failed stage waits before its next attempt.</summary>
public static class Backoff
{
    /// <summary>
    /// Zero after an interruption; otherwise min(initial * factor^(n-1), max) for the n-th counted retry, times a factor
    /// in [1 - jitter, 1 + jitter) that depends on run, stage and attempt alone, so that planning twice gives the same time.
    /// </summary>
    public static TimeSpan Delay(string run, StageState stage)
    {
        if (stage.Last?.Failure is not { } failure || failure.Class == FailureClass.Interrupted) return TimeSpan.Zero;
        var policy = stage.Stage.Retry;
        var retry = Math.Max(stage.CountedRetries, 1);
        var delay = Math.Min(policy.InitialSeconds * Math.Pow(policy.Factor, retry - 1), policy.MaxSeconds);
        return TimeSpan.FromSeconds(delay * (1 - policy.Jitter + (2 * policy.Jitter * Unit($"{run}.{stage.Instance}.{stage.NextAttempt}"))));
    }

    /// <summary>A number in [0, 1) that looks random and depends on <paramref name="seed"/> alone.</summary>
    private static double Unit(string seed)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(seed));
        return BitConverter.ToUInt32(hash) / (uint.MaxValue + 1.0);
    }
}
