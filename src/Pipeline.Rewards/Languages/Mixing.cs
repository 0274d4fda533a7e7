namespace Pipeline.Rewards.Languages;

/// <summary>How often languages are mixed, for reports: what the language reward is to bring down.</summary>
public static class Mixing
{
    /// <summary>Share of the words of the chain of thought that are of another language; null if it has no words.</summary>
    public static double? Share(ILanguageTeller teller, string text, string language) =>
        teller.Count(Thinking.Of(text), language) is { Total: > 0 } count ? count.Foreign / (double)count.Total : null;

    /// <summary>Share of completions with at least one word of another language in their chain of thought.</summary>
    /// <param name="shares">One a completion, from <see cref="Share"/>; those without words are unmixed.</param>
    public static double Rate(IReadOnlyCollection<double?> shares) =>
        shares.Count == 0 ? 0 : shares.Count(share => share > 0) / (double)shares.Count;
}
