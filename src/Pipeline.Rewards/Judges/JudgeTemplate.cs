using System.Text.RegularExpressions;

namespace Pipeline.Rewards.Judges;

/// <summary>What a judge is told, with places in double braces for what it judges.</summary>
internal sealed partial class JudgeTemplate
{
    private readonly string _text;

    /// <param name="text">The template.</param>
    /// <param name="needed">Places without which there is nothing to judge.</param>
    /// <param name="known">Those that it may have besides.</param>
    /// <exception cref="RewardException">One is missing, or one is not known.</exception>
    public JudgeTemplate(string text, IReadOnlyCollection<string> needed, params IReadOnlyCollection<string> known)
    {
        var found = Place().Matches(text).Select(match => match.Groups["name"].Value).ToHashSet();
        string[] wrong =
        [
            .. needed.Except(found).Select(name => $"{{{{{name}}}}} is missing"),
            .. found.Except(needed).Except(known).Select(name => $"nothing is known to fill in for {{{{{name}}}}}"),
        ];
        if (wrong.Length > 0) throw new RewardException(RewardException.Template, $"The judge's template cannot be used: {string.Join("; ", wrong)}.");
        _text = text;
    }

    /// <summary>Fills the places in, all at once: what one is filled with is not looked at for another.</summary>
    public string Fill(IReadOnlyDictionary<string, string> parts) => Place().Replace(_text, match => Inert(parts[match.Groups["name"].Value]));

    /// <summary>Control tokens of most models, spelt by a policy, would end the judge's turn: they are taken apart.</summary>
    private static string Inert(string text) => text.Replace("<|", "< |", StringComparison.Ordinal);

    [GeneratedRegex(@"\{\{(?<name>\w+)\}\}", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
