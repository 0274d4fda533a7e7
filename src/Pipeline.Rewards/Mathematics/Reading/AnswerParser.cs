namespace Pipeline.Rewards.Mathematics.Reading;

/// <summary>
/// Reads an answer:
/// <code>
/// answer   = item { ("," | ";" | "and" | "or") item }       several: a collection, as 1, -2 or 1 ± √2
/// item     = ratio { ("=" | "&lt;" | "≤" | "∈" | …) ratio }
/// ratio    = union { ":" union }
/// union    = part { "∪" part }
/// part     = words | bracketed list | set | matrix | sum [unit]
/// </code>
/// </summary>
internal sealed class AnswerParser
{
    private readonly TokenReader _reader;
    private bool _upperSign = true;
    private bool _hasTwoSigns;

    private AnswerParser(List<Token> tokens, Budget budget) => _reader = new TokenReader(tokens, budget);

    /// <returns>What the text says. It is not yet known whether it has a value.</returns>
    /// <exception cref="MathFailure">It says nothing, or it costs too much to read.</exception>
    public static Answer Parse(string text, Budget budget)
    {
        if (!Braces.AreBalanced(text)) throw new MathFailure(MathFailureReason.Syntax);
        var bare = Prose.Bare(text);
        if (Prose.Choice(bare) is { } letter) return new Answer.Choice(letter);
        if (Prose.IsAllReals(bare)) return Interval.RealNumbers;
        if (Prose.IsPhrase(bare, text)) return Prose.Words(bare);
        var tokens = Lexer.Tokens(text, budget);
        try { return new AnswerParser([.. tokens], budget).Whole(); }
        catch (MathFailure failure) when (failure.Reason == MathFailureReason.Syntax && Prose.HasWords(tokens))
        {
            return Prose.Words(bare); // June 16, \triangle ABC
        }
    }

    private Answer Whole()
    {
        var items = new List<Answer>();
        var isChoice = true; // x < 1 or x > 2: one after the other, "or" between all of them
        do items.AddRange(BothSigns());
        while (TakeSeparator(ref isChoice));
        if (!_reader.IsAtEnd) throw new MathFailure(MathFailureReason.Syntax);
        if (items is [var only]) return only;
        return isChoice && Interval.Union(items) is { } union ? union : new Answer.Collection(items, IsSet: false);
    }

    private bool TakeSeparator(ref bool isChoice)
    {
        var isComma = _reader.TakeSign(',') || _reader.TakeSign(';');
        if (_reader.Next is not { Kind: TokenKind.Word or TokenKind.Text, Text: "and" or "or" })
        {
            isChoice &= !isComma;
            return isComma;
        }
        isChoice &= _reader.Take().Text == "or";
        return true;
    }

    /// <summary>An item with ± is two: all upper signs, then all lower ones.</summary>
    private List<Answer> BothSigns()
    {
        var (start, isWithin, sign) = (_reader.At, _hasTwoSigns, _upperSign);
        _hasTwoSigns = false;
        List<Answer> items = [Relation()];
        if (_hasTwoSigns)
        {
            (_reader.At, _upperSign) = (start, !sign);
            items.Add(Relation());
        }
        (_hasTwoSigns, _upperSign) = (isWithin, sign);
        return items;
    }

    private Answer Relation()
    {
        var (sides, signs) = (new List<Answer> { Ratio() }, new List<char>());
        while (_reader.Next is { Kind: TokenKind.Sign, Text: "=" or "<" or ">" or "≤" or "≥" or "≠" or "∈" })
        {
            var sign = _reader.Take().Text[0];
            if (_reader.TakeSign('=')) sign = sign switch { '<' => '≤', '>' => '≥', '=' => '=', _ => throw new MathFailure(MathFailureReason.Syntax) };
            signs.Add(sign);
            sides.Add(Ratio());
        }
        return signs.Count == 0 ? sides[0] : new Answer.Relation(sides, signs);
    }

    private Answer Ratio()
    {
        var parts = new List<Answer> { Union() };
        while (_reader.TakeSign(':')) parts.Add(Union());
        return parts is [var only] ? only : new Answer.Ratio(parts);
    }

    private Answer Union()
    {
        var parts = new List<Answer> { Part() };
        while (_reader.TakeSign('∪')) parts.Add(Part());
        return parts is [var only] ? only : new Answer.Union(parts);
    }

    private Answer Part() => _reader.Nested(() =>
    {
        if (_reader.Next.Kind is TokenKind.Word or TokenKind.Text) return Words();
        if (_reader.TakeSign('∅')) return new Answer.Collection([], IsSet: true);
        if (_reader.TakeSign('⦃')) return Set('⦄');
        if (_reader.Next.IsSign('{') && _reader.LookAhead().HasComma && _reader.TakeSign('{')) return Set('}'); // in plain text
        if (_reader.Next.IsSign('[') || (_reader.Next.IsSign('(') && _reader.LookAhead().HasComma)) return Bracketed();
        if (_reader.TakeCommand("begin")) return Matrix();
        if (_reader.TakeCommand("mathbb")) return RealNumbers();
        return Value();
    });

    private Answer.Words Words()
    {
        var words = new List<string>();
        while (_reader.Next is { Kind: TokenKind.Word or TokenKind.Text, Text: not ("and" or "or") }) words.Add(_reader.Take().Text);
        return words.Count > 0 ? Prose.Words(string.Join(' ', words)) : throw new MathFailure(MathFailureReason.Syntax);
    }

    private Answer Set(char close)
    {
        if (_reader.Next.Kind == TokenKind.Letter && (_reader.Peek(1).IsSign('|') || _reader.Peek(1).IsSign(':'))) return SetOfAll(close);
        var items = new List<Answer>();
        if (_reader.TakeSign(close)) return new Answer.Collection(items, IsSet: true);
        do items.AddRange(BothSigns());
        while (_reader.TakeSign(',') || _reader.TakeSign(';'));
        _reader.Expect(close);
        return new Answer.Collection(items, IsSet: true);
    }

    /// <summary>{x | 1 &lt; x ≤ 2} is (1,2].</summary>
    private Answer.Bracketed SetOfAll(char close)
    {
        _reader.At += 2;
        var values = Relation() is Answer.Relation condition ? Interval.Of(condition)?.Values : null;
        _reader.Expect(close);
        return values ?? throw new MathFailure(MathFailureReason.Syntax);
    }

    private Answer.Bracketed Bracketed()
    {
        var (open, items) = (_reader.Take().Text[0], new List<Answer>());
        do items.Add(Relation());
        while (_reader.TakeSign(',') || _reader.TakeSign(';'));
        var close = _reader.Take();
        if (!close.IsSign(')') && !close.IsSign(']')) throw new MathFailure(MathFailureReason.Syntax);
        return new Answer.Bracketed(open, items, close.Text[0]);
    }

    private Answer.Bracketed RealNumbers()
    {
        var isBraced = _reader.TakeSign('{');
        if (!_reader.Take().Is(TokenKind.Letter, "R")) throw new MathFailure(MathFailureReason.Syntax);
        if (isBraced) _reader.Expect('}');
        return Interval.RealNumbers;
    }

    private Answer.Matrix Matrix()
    {
        var name = BraceName();
        if (name is not ("pmatrix" or "bmatrix" or "matrix" or "array")) throw new MathFailure(MathFailureReason.Syntax);
        if (name == "array" && _reader.Next.IsSign('{')) _reader.At = _reader.LookAhead().Close + 1;
        var rows = new List<IReadOnlyList<Answer>>();
        do
        {
            if (_reader.Next.IsCommand("end")) break; // behind a last line break
            var row = new List<Answer> { Part() };
            while (_reader.TakeSign('&')) row.Add(Part());
            rows.Add(row);
        }
        while (_reader.TakeCommand("newline"));
        if (!_reader.TakeCommand("end") || BraceName() != name) throw new MathFailure(MathFailureReason.Syntax);
        return new Answer.Matrix(rows);
    }

    private string BraceName()
    {
        _reader.Expect('{');
        var name = "";
        while (_reader.Next.Kind is TokenKind.Letter or TokenKind.Word) name += _reader.Take().Text;
        _reader.Expect('}');
        return name;
    }

    private Answer.Value Value()
    {
        var parser = new ExpressionParser(_reader, _upperSign);
        var expression = parser.Sum();
        _hasTwoSigns |= parser.HasTwoSigns;
        var (factor, name) = Units.Read(UnitWords());
        if (factor != Fractions.Fraction.One) expression = new Expression.Product([expression, new Expression.Number(factor)]);
        var sign = parser.Currency ?? (parser.HasDegrees ? Units.Degree : null);
        // Behind a sign the same may stand in words, \$5 dollars; else it says more, as in \$5 an hour.
        var unit = sign is null || name is null || sign == name ? sign ?? name : $"{sign} {name}";
        return new Answer.Value(expression, unit, !parser.HasArithmetic);
    }

    /// <summary>What words and exponents stand behind a number.</summary>
    private string UnitWords()
    {
        var unit = "";
        while (true)
        {
            if (_reader.Next is { Kind: TokenKind.Word or TokenKind.Text, Text: not ("and" or "or") }) unit += " " + _reader.Take().Text;
            else if (unit.Length == 0) return unit;
            else if (_reader.Next.IsSign('/') && _reader.Peek(1).Kind is TokenKind.Word or TokenKind.Text or TokenKind.Letter)
            {
                _reader.At++;
                unit += "/" + _reader.Take().Text;
            }
            else if (_reader.TakeSign('^')) unit += UnitPower();
            else if (_reader.TakeSign('²')) unit += "^2";
            else if (_reader.TakeSign('³')) unit += "^3";
            else return unit;
        }
    }

    private string UnitPower()
    {
        var isBraced = _reader.TakeSign('{');
        var power = _reader.Take();
        if (power.Kind != TokenKind.Number) throw new MathFailure(MathFailureReason.Syntax);
        if (isBraced) _reader.Expect('}');
        return "^" + power.Text;
    }
}
