using System.Globalization;
using System.Numerics;
using Fractions;

namespace Pipeline.Rewards.Mathematics.Reading;

/// <summary>Reads numbers that are more than one token: mixed, repeating, and numerals with a base.</summary>
/// <param name="reader">The tokens.</param>
internal sealed class NumberParser(TokenReader reader)
{
    /// <summary>The number that begins with a token which was taken.</summary>
    public Expression Behind(Token token)
    {
        if (reader.Next.IsSign('_')) return Numeral(token.Text);
        if (token.Text.Contains('.') && reader.TakeCommand("overline")) return Repeating(token.Text);
        var number = Of(token.Text);
        return IsInteger(token) && MixedPart() is { } part ? new Expression.Number(number.Value + part) : number;
    }

    /// <summary>The number that a token spells.</summary>
    public static Expression.Number Of(string text)
    {
        var parts = text.Split('e');
        var point = parts[0].IndexOf('.');
        var decimals = point < 0 ? 0 : parts[0].Length - 1 - point;
        var power = (parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign) : 0) - decimals;
        var whole = BigInteger.Parse(parts[0].Replace(".", ""));
        if (Math.Abs(power) > Budget.MaxBits / 4) throw new MathFailure(MathFailureReason.Budget); // a digit is more than three bits
        return new Expression.Number(power < 0
            ? new Fraction(whole, BigInteger.Pow(10, -power))
            : new Fraction(whole * BigInteger.Pow(10, power)));
    }

    private static bool IsInteger(Token token) => token.Kind == TokenKind.Number && token.Text.All(char.IsAsciiDigit);

    /// <summary>The fraction of a mixed number behind its integer. It must be a proper one, or it might be a factor.</summary>
    private Fraction? MixedPart()
    {
        var start = reader.At;
        var isCommand = reader.TakeCommand("frac");
        if (!isCommand && !(reader.Next is { Kind: TokenKind.Number, IsApart: true } && reader.Peek(1).IsSign('/'))) return null;
        if (Integer(isCommand) is { } numerator && (isCommand || reader.TakeSign('/')) && Integer(isCommand) is { } denominator)
            return numerator < denominator ? new Fraction(numerator, denominator) : throw new MathFailure(MathFailureReason.Syntax);
        reader.At = start; // 2\frac{x}{3} is a product
        return null;
    }

    private BigInteger? Integer(bool isArgument)
    {
        var isBraced = isArgument && reader.TakeSign('{');
        if (isArgument && !isBraced) reader.SplitNumber();
        if (!IsInteger(reader.Next)) return null;
        var integer = BigInteger.Parse(reader.Take().Text);
        return !isBraced || reader.TakeSign('}') ? integer : null;
    }

    /// <summary>0.1\overline{6} is 1/6: the period over as many nines, behind as many decimals as stand before it.</summary>
    private Expression.Number Repeating(string decimals)
    {
        var isBraced = reader.TakeSign('{');
        if (!isBraced) reader.SplitNumber();
        var period = reader.Take();
        if (!IsInteger(period)) throw new MathFailure(MathFailureReason.Syntax);
        if (isBraced) reader.Expect('}');
        var before = decimals.Length - 1 - decimals.IndexOf('.');
        var tail = new Fraction(BigInteger.Parse(period.Text), (BigInteger.Pow(10, period.Text.Length) - 1) * BigInteger.Pow(10, before));
        return new Expression.Number(Of(decimals).Value + tail);
    }

    /// <summary>A numeral with a base, 1011_2: a name rather than a number.</summary>
    private Expression.Symbol Numeral(string digits)
    {
        reader.Expect('_');
        var isBraced = reader.TakeSign('{');
        var token = reader.Take();
        if (token.Kind != TokenKind.Number || !int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var radix)
            || radix is < 2 or > 36 || !digits.All(digit => char.IsAsciiDigit(digit) && digit - '0' < radix))
            throw new MathFailure(MathFailureReason.Syntax);
        if (isBraced) reader.Expect('}');
        return new Expression.Symbol(Symbols.Numeral(digits.TrimStart('0').PadLeft(1, '0'), radix));
    }
}
