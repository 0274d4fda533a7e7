namespace Pipeline.Rewards;

/// <summary>
/// Counts words by which a model looks back on its own steps ("wait", "check"). No reward: the paper only watched them
/// rise five- to sevenfold during RL (arXiv:2501.12948v2, appendix C.2), and so does the report.
/// </summary>
/// <param name="words">Single words of any case; counted as whole words, so "waiter" is not "wait".</param>
public sealed class Reflection(IEnumerable<string> words)
{
    private readonly HashSet<string> _words = [.. words.Select(word => word.ToLowerInvariant())];

    /// <summary>Reflective words in a completion.</summary>
    public int Count(string text) => Words.Of(text).Count(_words.Contains);
}
