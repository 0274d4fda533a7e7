namespace Pipeline.Datasets.Sources;

/// <summary>Finds the final answer in a solution of the MATH dataset (Hendrycks et al., arXiv:2103.03874).</summary>
internal static class Boxed
{
    /// <summary>The content of the last <c>\boxed{…}</c> or <c>\fbox{…}</c>, braces nested, or of <c>\boxed 5</c>; null if there is none.</summary>
    public static string? Last(string solution)
    {
        var start = Math.Max(solution.LastIndexOf(@"\boxed", StringComparison.Ordinal), solution.LastIndexOf(@"\fbox", StringComparison.Ordinal));
        if (start < 0) return null;
        var rest = solution.AsSpan(start).TrimStart('\\').TrimStart("boxedf").TrimStart();
        if (rest is not ['{', ..]) return rest.IndexOfAny(" $.\n") is var end and > 0 ? rest[..end].ToString() : null;
        var depth = 0;
        for (var at = 0; at < rest.Length; at++)
        {
            if (rest[at] == '{') depth++;
            else if (rest[at] == '}' && --depth == 0) return rest[1..at].Trim().ToString();
        }
        return null;
    }
}
