namespace Pipeline.Stages.Tests.Harness;

/// <summary>What the attempts at a stage told of its steps.</summary>
internal static class Course
{
    private static readonly string[] s_ofThisProcess = ["time", "step_time", "tokens_per_second", "memory"];

    /// <summary>For each step the line of the latest attempt that told it, without what depends on the clock or the process.</summary>
    public static string[] Of(params IReadOnlyList<Attempt> attempts)
    {
        var steps = new SortedDictionary<int, string>();
        foreach (var row in attempts.SelectMany(attempt => attempt.Metrics))
        {
            foreach (var field in row.Select(field => field.Key).Where(IsOfThisProcess).ToList()) row.Remove(field);
            steps[row["step"]!.GetValue<int>()] = row.ToJsonString();
        }
        return [.. steps.Values];
    }

    private static bool IsOfThisProcess(string field) => s_ofThisProcess.Contains(field) || field.StartsWith("time/", StringComparison.Ordinal);
}
