using System.Text.RegularExpressions;

namespace Pipeline.Rewards.Mathematics.Reading;

/// <summary>Answers that are no formula: words, and the letters of a multiple choice.</summary>
internal static partial class Prose
{
    // Words of up to three letters; others of that length are products of variables.
    private static readonly HashSet<string> s_shortWords =
        ["yes", "no", "odd", "one", "two", "six", "ten", "all", "any", "red", "boy", "man", "cat", "dog", "car", "bus", "day", "may"];

    /// <summary>The text without what only wraps it: <c>\text{}</c> and its kin, dollar signs.</summary>
    public static string Bare(string text) => Wrapper().Replace(Looks().Replace(text, ""), "$1").Replace('~', ' ').Replace(@"\ ", " ").Trim().Trim('$').Trim();

    /// <summary>The letter of a choice as a person would write it: (A), A, A., A), \text{(A)}, (A) and what it stands for.</summary>
    public static char? Choice(string bare) =>
        Letter().Match(bare) is { Success: true } match ? char.ToUpperInvariant(match.Groups["letter"].Value[0]) : null;

    /// <summary>Whether it says that every number is an answer.</summary>
    public static bool IsAllReals(string bare) => AllReals().IsMatch(bare);

    /// <summary>Whether it is words and no formula: xy, p - q and sin x are formulas, east and all real numbers are not.</summary>
    public static bool IsPhrase(string bare, string text) =>
        Phrase().IsMatch(bare) && (Wrapper().IsMatch(text) || !bare.TrimEnd('.').Split([' ', '\t', '-'], StringSplitOptions.RemoveEmptyEntries).All(IsOfFormula));

    /// <summary>Words are compared without regard to case and white space.</summary>
    public static Answer.Words Words(string bare) => new(WhiteSpace().Replace(bare, " ").Trim(' ', '.', '"', '\'', '$').ToLowerInvariant());

    /// <summary>Whether what is no formula may be words.</summary>
    public static bool HasWords(List<Token> tokens) =>
        tokens.Zip(tokens.Skip(1)).Any(pair => pair is { First.Kind: TokenKind.Letter, Second: { Kind: TokenKind.Letter, IsApart: false } })
        || tokens.Any(token => token.Kind is TokenKind.Word or TokenKind.Text
            || (token.Kind == TokenKind.Command && token.Text is "triangle" or "angle" or "overline" or "overrightarrow" or "parallel" or "perp"));

    private static bool IsOfFormula(string word) =>
        word.Length == 1 || Lexer.IsFunctionName(word) || (word.Length <= Lexer.MaxVariables && word.All(char.IsAsciiLetterLower) && !s_shortWords.Contains(word));

    [GeneratedRegex(@"^\(?(?<letter>[A-J])\)?[.:]?$|^\((?<letter>[a-j])\)$|^\(?(?<letter>[A-J])(?:\)[.:]?|[.:])\s+\S")]
    private static partial Regex Letter();

    [GeneratedRegex(@"^all reals?(?: numbers?)?\.?$", RegexOptions.IgnoreCase)] private static partial Regex AllReals();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z'’ \t-]*[A-Za-z'’.]$")] private static partial Regex Phrase();

    [GeneratedRegex(@"\\(?:text|mbox|textbf|textit|textrm|mathrm|mathbf|operatorname|hbox)\s*\{([^{}]*)\}")] private static partial Regex Wrapper();

    [GeneratedRegex(@"\\(?:displaystyle(?![A-Za-z])|left(?![A-Za-z])|right(?![A-Za-z])|[()\[\]])")] private static partial Regex Looks();

    [GeneratedRegex(@"\s+")] private static partial Regex WhiteSpace();
}
