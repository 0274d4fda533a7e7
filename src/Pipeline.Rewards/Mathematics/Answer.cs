using Pipeline.Rewards.Mathematics.Exact;

namespace Pipeline.Rewards.Mathematics;

/// <summary>What an answer is: a value, words, or something made of them.</summary>
internal abstract record Answer
{
    /// <summary>A number or formula.</summary>
    /// <param name="Expression">What it says.</param>
    /// <param name="Unit">What it is a number of, see <see cref="Units"/>; null if it does not say.</param>
    /// <param name="IsWorkedOut">Without sums and products that were left to the reader: 7, 14/2 and 3·10^5, not 3+4.</param>
    public sealed record Value(Expression Expression, string? Unit, bool IsWorkedOut) : Answer
    {
        private NormalForm? _form;

        /// <summary>Its exact form, made when the answer is read and kept: a ground truth is compared with many answers.</summary>
        /// <exception cref="MathFailure">It has no value, or costs too much.</exception>
        public NormalForm Form(Budget budget) => _form ??= NormalForm.Of(Expression, budget);
    }

    /// <summary>Words, or what is not understood as mathematics: the same text only.</summary>
    public sealed record Words(string Text) : Answer;

    /// <summary>The letter of a multiple choice.</summary>
    public sealed record Choice(char Letter) : Answer;

    /// <summary>Ordered, in brackets: a point, or an interval. (1,2) can be either; it is never [1,2].</summary>
    public sealed record Bracketed(char Open, IReadOnlyList<Answer> Items, char Close) : Answer;

    /// <summary>Unordered: a set in braces, or answers one after the other, as in 1, -2.</summary>
    public sealed record Collection(IReadOnlyList<Answer> Items, bool IsSet) : Answer;

    /// <summary>A union of intervals and sets.</summary>
    public sealed record Union(IReadOnlyList<Answer> Parts) : Answer;

    /// <summary>Row by row.</summary>
    public sealed record Matrix(IReadOnlyList<IReadOnlyList<Answer>> Rows) : Answer;

    /// <summary>Equations and inequalities, also in a chain: one more side than signs.</summary>
    /// <param name="Sides">What is related.</param>
    /// <param name="Signs">Among <c>= &lt; &gt; ≤ ≥ ≠ ∈</c>.</param>
    public sealed record Relation(IReadOnlyList<Answer> Sides, IReadOnlyList<char> Signs) : Answer;

    /// <summary>A ratio or a time of day, part by part: 4:6 is not 2:3, since 3:15 is not 1:05.</summary>
    public sealed record Ratio(IReadOnlyList<Answer> Parts) : Answer;
}
