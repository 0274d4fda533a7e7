using System.Globalization;
using Pipeline.Cli.Output;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Cli.Following;

/// <summary>Progress in words: <c>training 120/400 (30 %), 4.1 steps/s, 1 min 08 s left</c>.</summary>
internal static class ProgressText
{
    public static string Of(Heartbeat heartbeat, double? rate)
    {
        var parts = new List<string> { Printable.Line(heartbeat.Phase) + Steps(heartbeat) };
        if (rate is { } steps) parts.Add(Rate(steps));
        if (Left(heartbeat) is { } left) parts.Add($"{left} left");
        return string.Join(", ", parts);
    }

    /// <summary>Time left; null while unknown.</summary>
    public static string? Left(Heartbeat heartbeat) =>
        heartbeat.EtaSeconds is { } seconds and >= 0 and < 1e8 ? Durations.Text(TimeSpan.FromSeconds(seconds)) : null;

    /// <summary>Steps a second, or seconds a step where that is the larger number.</summary>
    public static string Rate(double stepsPerSecond) => stepsPerSecond >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{stepsPerSecond:0.0} steps/s")
        : string.Create(CultureInfo.InvariantCulture, $"{1 / stepsPerSecond:0.0} s/step");

    /// <summary>Share done, from 0 to 1.</summary>
    public static double Share(Heartbeat heartbeat) => heartbeat.Total > 0 ? Math.Clamp((double)heartbeat.Step / heartbeat.Total, 0, 1) : 0;

    private static string Steps(Heartbeat heartbeat) => heartbeat.Total > 0
        ? string.Create(CultureInfo.InvariantCulture, $" {heartbeat.Step}/{heartbeat.Total} ({100 * Share(heartbeat):0} %)")
        : heartbeat.Step > 0 ? $" {heartbeat.Step}" : "";
}
