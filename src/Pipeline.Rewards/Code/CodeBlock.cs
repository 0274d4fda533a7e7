using System.Text.RegularExpressions;
using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.Code;

/// <summary>Finds the program in a completion.</summary>
public static partial class CodeBlock
{
    /// <summary>
    /// The last fenced block, after the chain of thought, that is marked as the language; if none is, the last that is marked
    /// as nothing (examples of output are often fenced, and stand after the program). Null if there is none.
    /// </summary>
    public static string? Find(string text, CodeLanguage language)
    {
        var blocks = Fence().Matches(Thinking.After(text)).Select(match => (Mark: match.Groups["mark"].Value.ToLowerInvariant(), Body: match.Groups["body"].Value)).ToList();
        return blocks.LastOrDefault(block => Marks(language).Contains(block.Mark)).Body ?? blocks.LastOrDefault(block => block.Mark == "").Body;
    }

    private static string[] Marks(CodeLanguage language) => language switch
    {
        CodeLanguage.Python => ["python", "python3", "py"],
        CodeLanguage.JavaScript => ["javascript", "js"],
        _ => throw new ArgumentOutOfRangeException(nameof(language), language, null),
    };

    // A block that is not closed was cut off and is no program.
    [GeneratedRegex(@"^[ \t]*```[ \t]*(?<mark>[\w+#-]*)[^\n]*\n(?<body>.*?)^[ \t]*```[ \t]*$", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Fence();
}
