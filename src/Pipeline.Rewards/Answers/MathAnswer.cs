using Pipeline.Rewards.Mathematics;
using Pipeline.Rewards.Mathematics.Reading;

namespace Pipeline.Rewards.Answers;

/// <summary>An answer that was understood, to be compared with others; see the README of <c>Mathematics</c>.</summary>
public sealed class MathAnswer
{
    // Longer than any answer; what a derailed policy writes is not worth a look.
    private const int MaxLength = 1_000;

    // Plain integers of up to 18 digits fit a long and need none of the mathematics.
    private const int MaxPlainDigits = 18;

    private readonly string _text;
    private readonly long? _plain;
    private readonly Answer _answer;
    private readonly bool _leavesWork;

    private MathAnswer(string text, Answer answer, bool leavesWork) => (_text, _answer, _leavesWork) = (text, answer, leavesWork);

    private MathAnswer(string text, long plain) : this(text, new Answer.Value(new Expression.Number(plain), Unit: null, IsWorkedOut: true), leavesWork: false) =>
        _plain = plain;

    /// <returns>Null if this cannot be anybody's answer: blank, torn LaTeX, a zero denominator, signs of no meaning, endless.</returns>
    public static MathAnswer? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > MaxLength) return null;
        var trimmed = text.Trim();
        return Plain(trimmed) is { } plain ? new MathAnswer(trimmed, plain) : Read(trimmed);
    }

    /// <summary>Whether the two are the same mathematics, which is symmetric; null if that costs more than it may.</summary>
    public bool? Matches(MathAnswer other)
    {
        if (_plain is { } left && other._plain is { } right) return left == right;
        if (_text == other._text) return true;
        try { return new Equivalence(new Budget()).AreEqual(_answer, other._answer); }
        catch (MathFailure failure) { return failure.Reason == MathFailureReason.Budget ? null : false; }
    }

    /// <summary>
    /// Whether this answers a question whose answer is <paramref name="gold"/>. 3 + 4 is the same as 7 and no answer to how much it
    /// is, or policies learn to copy the question; unless the ground truth leaves as much to the reader itself.
    /// </summary>
    /// <returns>Null if that costs more than it may.</returns>
    public bool? Answers(MathAnswer gold) => _leavesWork && !gold._leavesWork ? false : Matches(gold);

    private static MathAnswer? Read(string text)
    {
        Answer answer;
        var budget = new Budget();
        try { answer = AnswerParser.Parse(text, budget); }
        catch (MathFailure) { return null; }
        try { return new MathAnswer(text, answer, new Equivalence(budget).LeavesWork(answer)); }
        catch (MathFailure failure)
        {
            // 9^(9^9) is an answer, if not one that can be compared with others.
            return failure.Reason == MathFailureReason.Budget ? new MathAnswer(text, answer, leavesWork: false) : null;
        }
    }

    private static long? Plain(string text) =>
        text.Length <= MaxPlainDigits && text.AsSpan().TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0 && long.TryParse(text, out var value) ? value : null;
}
