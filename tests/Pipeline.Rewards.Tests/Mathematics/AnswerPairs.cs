namespace Pipeline.Rewards.Tests.Mathematics;

/// <summary>A corpus of pairs of answers, <c>left :: right</c>, one a line.</summary>
internal static class AnswerPairs
{
    public static IEnumerable<(string Left, string Right)> Of(string file) => Lines(file)
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(" :: ") is [var left, var right] ? (left, right) : throw new FormatException($"{file}: no pair: {line}"));

    public static string[] Lines(string file) => File.ReadAllLines(Path.Combine(TestContext.CurrentContext.TestDirectory, "Mathematics", file));
}
