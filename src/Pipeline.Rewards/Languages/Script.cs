using System.Text;

namespace Pipeline.Rewards.Languages;

/// <summary>What a letter is written in.</summary>
internal enum Script
{
    Latin,
    Greek,
    Cyrillic,
    Hebrew,
    Arabic,
    Devanagari,
    Thai,
    Hangul,
    Kana,
    Han,

    /// <summary>One of those that a single known language each is written in, such as Georgian.</summary>
    Other,
}

/// <summary>Letters and languages by script (Unicode blocks).</summary>
internal static class Scripts
{
    private static readonly (int From, int To, Script Script)[] s_blocks =
    [
        (0x0041, 0x024F, Script.Latin), (0x0370, 0x03FF, Script.Greek), (0x0400, 0x052F, Script.Cyrillic), (0x0590, 0x05FF, Script.Hebrew),
        (0x0600, 0x077F, Script.Arabic), (0x0900, 0x097F, Script.Devanagari), (0x0E00, 0x0E7F, Script.Thai), (0x1100, 0x11FF, Script.Hangul),
        (0x1E00, 0x1EFF, Script.Latin), (0x1F00, 0x1FFF, Script.Greek), (0x3040, 0x30FF, Script.Kana), (0x3130, 0x318F, Script.Hangul),
        (0x3400, 0x4DBF, Script.Han), (0x4E00, 0x9FFF, Script.Han), (0xAC00, 0xD7A3, Script.Hangul), (0x20000, 0x323AF, Script.Han),
    ];

    private static readonly Dictionary<string, Script[]> s_languages = new()
    {
        ["el"] = [Script.Greek], ["he"] = [Script.Hebrew], ["th"] = [Script.Thai], ["ko"] = [Script.Hangul], ["zh"] = [Script.Han], ["ja"] = [Script.Kana, Script.Han],
        ["ar"] = [Script.Arabic], ["fa"] = [Script.Arabic], ["ur"] = [Script.Arabic], ["hi"] = [Script.Devanagari], ["mr"] = [Script.Devanagari],
        ["ru"] = [Script.Cyrillic], ["uk"] = [Script.Cyrillic], ["be"] = [Script.Cyrillic], ["bg"] = [Script.Cyrillic], ["mk"] = [Script.Cyrillic],
        ["sr"] = [Script.Cyrillic], ["kk"] = [Script.Cyrillic], ["mn"] = [Script.Cyrillic],
        ["hy"] = [Script.Other], ["ka"] = [Script.Other], ["bn"] = [Script.Other], ["gu"] = [Script.Other], ["pa"] = [Script.Other], ["ta"] = [Script.Other],
        ["te"] = [Script.Other], ["si"] = [Script.Other], ["am"] = [Script.Other], ["ti"] = [Script.Other],
    };

    /// <summary>Of a letter.</summary>
    public static Script Of(Rune letter)
    {
        foreach (var (from, to, script) in s_blocks)
            if (letter.Value >= from && letter.Value <= to) return script;
        return Script.Other;
    }

    /// <summary>Of a language by its code; most are written in Latin letters.</summary>
    public static IReadOnlyList<Script> Of(string language) => s_languages.GetValueOrDefault(language, [Script.Latin]);

    /// <summary>Whether words run into each other, so that a letter is the nearest thing to a word.</summary>
    public static bool HasNoSpaces(this Script script) => script is Script.Han or Script.Kana or Script.Thai;
}
