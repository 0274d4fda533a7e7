using Serilog;

namespace Pipeline.Stages.Loop;

/// <summary>A line for a person now and then; <c>metrics.jsonl</c> has every step.</summary>
/// <param name="clock">Where time comes from.</param>
public sealed class ProgressLog(TimeProvider clock)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(2);
    private static readonly string[] s_headlines = ["reward", "loss", "accuracy", "completions/mean_length", "eval/pass@1", "tokens_per_second"];

    private long? _last;

    /// <summary>Writes a line if the last one is two seconds old, or if the step is the last or was evaluated.</summary>
    public void Step(int step, int total, IReadOnlyCollection<KeyValuePair<string, double>> metrics)
    {
        var values = metrics.ToDictionary();
        if (_last is { } last && clock.GetElapsedTime(last) < s_interval && step < total && !values.ContainsKey("eval/pass@1")) return;
        _last = clock.GetTimestamp();
        var shown = s_headlines.Where(values.ContainsKey).Select(name => $"{name} {values[name]:0.####}");
        Log.Information("step {Step}/{Total}  {Metrics:l}", step, total, string.Join("  ", shown));
    }
}
