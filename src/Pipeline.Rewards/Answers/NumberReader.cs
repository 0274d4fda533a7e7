using System.Numerics;
using Fractions;

namespace Pipeline.Rewards.Answers;

/// <summary>
/// Reads a rational number off normalised text, by descent:
/// <code>
/// value    = [sign] size ["%"]           per cent is a hundredth: 50% = 1/2
/// size     = fraction | decimal ["/" decimal] | integer fraction      1\frac12 is one and a half
/// fraction = \frac part part
/// part     = digit | "{" value "}"
/// decimal  = digits, with commas in all the right places or in none, and a point
/// </code>
/// </summary>
internal sealed class NumberReader(string text)
{
    // Long enough for any answer; big-integer arithmetic on what a derailed policy writes would stall the step.
    private const int MaxLength = 200;

    private const string FractionCommand = @"\frac";

    private int _at;

    /// <returns>Whether all of the text is a number. It is NaN or infinite if a denominator is zero.</returns>
    public bool TryRead(out Fraction number)
    {
        number = default;
        if (text.Length > MaxLength || Value() is not { } value || _at != text.Length) return false;
        number = value;
        return true;
    }

    private Fraction? Value()
    {
        if (Take("{"))
        {
            var inner = Value();
            return Take("}") ? inner : null;
        }
        var negative = Take("-");
        if (!negative) Take("+");
        if (Size() is not { } size) return null;
        if (Take("%")) size /= 100;
        return negative ? -size : size;
    }

    private Fraction? Size()
    {
        if (At(FractionCommand)) return Quotient();
        var start = _at;
        if (Decimal() is not { } number) return null;
        if (Take("/")) return Decimal() is { } denominator ? number / denominator : null;
        var isInteger = !text[start.._at].Contains('.');
        return At(FractionCommand) && isInteger ? number + Quotient() : number;
    }

    private Fraction? Quotient()
    {
        Take(FractionCommand);
        return Part() is { } numerator && Part() is { } denominator ? numerator / denominator : null;
    }

    private Fraction? Part()
    {
        if (Take("{"))
        {
            var value = Value();
            return Take("}") ? value : null;
        }
        return _at < text.Length && char.IsAsciiDigit(text[_at]) ? new Fraction(text[_at++] - '0') : null;
    }

    private Fraction? Decimal()
    {
        var start = _at;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == ',')) _at++;
        var whole = text[start.._at];
        var decimals = "";
        if (Take("."))
        {
            var point = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
            decimals = text[point.._at];
        }
        var groups = whole.Split(',');
        var areThousands = groups.Length == 1 || (groups[0].Length is 1 or 2 or 3 && groups[1..].All(group => group.Length == 3));
        var digits = string.Concat(groups) + decimals;
        if (!areThousands || digits.Length == 0) return null;
        return new Fraction(BigInteger.Parse(digits), BigInteger.Pow(10, decimals.Length));
    }

    private bool At(string sign) => string.CompareOrdinal(text, _at, sign, 0, sign.Length) == 0;

    private bool Take(string sign)
    {
        if (!At(sign)) return false;
        _at += sign.Length;
        return true;
    }
}
