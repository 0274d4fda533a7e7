namespace Pipeline.Recovery.Tests;

/// <summary>The pipeline of the chaos tests: ten stages with fan-out and join.</summary>
/// <remarks>
/// <code>
/// a -> b1..b3 -> c1 (b1, b2), c2 (b2, b3) -> d -> e1, e2 -> f
/// </code>
/// </remarks>
internal static class TenStages
{
    /// <summary>The join at the end: it depends on everything before it.</summary>
    public const string Last = "f";

    /// <summary>The stages.</summary>
    /// <param name="steps">Steps a stage.</param>
    /// <param name="stepMs">Milliseconds a step.</param>
    public static IEnumerable<string> Yaml(int steps, int stepMs)
    {
        var with = $"steps: {steps}, step_ms: {stepMs}, checkpoint_every: 5";
        foreach (var (id, needs) in Graph) yield return RunBench.Stage(id, with, needs, "checkpoints: { keep_last: 2 }");
    }

    /// <summary>Each stage with those it needs.</summary>
    public static IReadOnlyList<(string Id, string Needs)> Graph { get; } =
    [
        ("a", ""), ("b1", "a"), ("b2", "a"), ("b3", "a"), ("c1", "b1 b2"), ("c2", "b2 b3"), ("d", "c1 c2"),
        ("e1", "d"), ("e2", "d"), (Last, "e1 e2"),
    ];
}
