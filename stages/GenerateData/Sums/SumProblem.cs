using System.Globalization;
using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet.Rows;

namespace Pipeline.Stages.GenerateData.Sums;

/// <summary>A sum of one-digit terms, posed in one language.</summary>
/// <param name="Terms">The terms in the order in which they are to be added, each 1 to 9.</param>
/// <param name="Phrases">The language it is posed in.</param>
internal sealed record SumProblem(IReadOnlyList<int> Terms, Phrases Phrases)
{
    /// <summary>The right answer.</summary>
    public string Answer => Terms.Sum().ToString(CultureInfo.InvariantCulture);

    /// <summary>What the user says: <c>add a3 b5 c2 d7</c>.</summary>
    public string Prompt => Phrases.Request + string.Join(' ', Enumerable.Range(0, Terms.Count).Select(Label));

    /// <summary>
    /// A term with the letter of its place: <c>c2</c> is the third. Without it a small model has to count lines to find the
    /// next term, which it learns late and at another moment for every seed.
    /// </summary>
    public string Label(int place) => $"{(char)('a' + place)}{Terms[place]}";

    /// <summary>Equal for all orders of the terms and all languages.</summary>
    public string Id => ProblemId.Of("sum " + string.Join(' ', Terms.Order()));

    /// <summary>The row for reinforcement learning and evaluation.</summary>
    public PromptRow ToPrompt(long index, string split) => new([ChatMessage.User(Prompt)], Answer)
    {
        DataSource = "sums",
        Ability = "math",
        Index = index,
        ProblemId = Id,
        Language = Phrases.Language,
        Split = split,
    };
}
