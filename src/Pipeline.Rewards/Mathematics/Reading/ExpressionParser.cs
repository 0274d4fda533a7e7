using Fractions;

namespace Pipeline.Rewards.Mathematics.Reading;

/// <summary>
/// Reads a formula by descent:
/// <code>
/// sum      = [sign] product { ("+" | "-" | "±" | "∓") product }
/// product  = factor { ["·" | "/"] factor }          from left to right: 1/2x is x/2
/// factor   = atom { "^" exponent | "²" | "³" | "!" | "%" | "°" }
/// exponent = ["-"] (number | argument) ["^" exponent]
/// atom     = number | letter | constant | \frac a b | \sqrt[n] a | function argument | "(" sum ")" | "{" sum "}" | "|" sum "|"
/// </code>
/// Two numbers side by side are refused, except as a mixed number: 1 1/2, 1\frac12.
/// </summary>
/// <param name="reader">The tokens.</param>
/// <param name="upperSign">Whether ± is read as plus (and ∓ as minus), or the other way round.</param>
internal sealed class ExpressionParser(TokenReader reader, bool upperSign)
{
    /// <summary>Behind one atom, as in x_1^2!: more is no answer, and would make a deep tree without any bracket.</summary>
    private const int MaxPostfixes = 3;

    private static readonly Expression s_degree = new Expression.Product(
        [new Expression.Symbol(Symbols.Pi), new Expression.Number(new Fraction(1, 180))]);

    private static readonly HashSet<string> s_functions =
        ["sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "ln", "log", "exp"];

    private static readonly HashSet<string> s_greek =
    [
        "alpha", "beta", "gamma", "delta", "epsilon", "theta", "lambda", "mu", "rho", "sigma", "tau", "phi", "varphi", "omega", "ell",
        "Gamma", "Delta", "Theta", "Lambda", "Sigma", "Phi", "Omega",
    ];

    private readonly NumberParser _numbers = new(reader);
    private int _functions; // those whose argument is being read
    private int _bars; // open ones

    /// <summary>A currency that was met.</summary>
    public string? Currency { get; private set; }

    /// <summary>Whether a degree sign was met outside of a function, where it is a unit.</summary>
    public bool HasDegrees { get; private set; }

    /// <summary>Whether ± or ∓ was met.</summary>
    public bool HasTwoSigns { get; private set; }

    /// <summary>Whether a sum or product was met, other than scientific notation.</summary>
    public bool HasArithmetic { get; private set; }

    public Expression Sum()
    {
        var terms = new List<Expression> { Term(TakePlusOrMinus() ?? true) };
        while (TakePlusOrMinus() is { } isPlus) terms.Add(Term(isPlus));
        if (terms is [var only]) return only;
        HasArithmetic = true;
        return new Expression.Sum(terms);
    }

    private Expression Term(bool isPlus) => isPlus ? Product() : Expression.Negated(Product());

    private bool? TakePlusOrMinus()
    {
        if (reader.TakeSign('+')) return true;
        if (reader.TakeSign('-')) return false;
        if (!reader.Next.IsSign('±') && !reader.Next.IsSign('∓')) return null;
        HasTwoSigns = true;
        return reader.Take().IsSign('±') == upperSign;
    }

    private Expression Product()
    {
        var factors = new List<Expression> { Factor() };
        while (true)
        {
            if (reader.TakeSign('*'))
            {
                HasArithmetic |= !(factors is [Expression.Number] && IsPowerOfTen());
                factors.Add(SignedFactor());
            }
            else if (reader.TakeSign('/')) factors.Add(new Expression.Power(SignedFactor(), Expression.MinusOne));
            else if (BeginsImplicitFactor())
            {
                HasArithmetic = true;
                factors.Add(Factor());
            }
            else break;
        }
        return factors is [var only] ? only : new Expression.Product(factors);
    }

    /// <summary>The sign in 2·-3 and 10/-2.</summary>
    private Expression SignedFactor() => reader.TakeSign('-') ? Expression.Negated(Factor()) : Factor();

    private bool IsPowerOfTen() => reader.Next.Is(TokenKind.Number, "10") && reader.Peek(1).IsSign('^');

    private bool BeginsImplicitFactor() => reader.Next switch
    {
        { Kind: TokenKind.Letter } => true,
        { Kind: TokenKind.Command, Text: var name } =>
            name is "frac" or "sqrt" or "√" or "binom" or "lfloor" or "lceil" || s_functions.Contains(name) || s_greek.Contains(name),
        { Kind: TokenKind.Sign, Text: "(" } => !reader.LookAhead().HasComma,
        { Kind: TokenKind.Sign, Text: "|" } => _bars == 0,
        { Kind: TokenKind.Sign, Text: "{" or "π" or "∞" } => true,
        _ => false,
    };

    private Expression Factor()
    {
        var value = Atom();
        for (var postfixes = 0; postfixes < MaxPostfixes; postfixes++)
        {
            if (TakeDegree()) value = Degrees(value);
            else if (reader.TakeSign('^')) value = new Expression.Power(value, Exponent());
            else if (reader.TakeSign('²')) value = new Expression.Power(value, new Expression.Number(2));
            else if (reader.TakeSign('³')) value = new Expression.Power(value, new Expression.Number(3));
            else if (reader.TakeSign('!')) value = new Expression.Call("factorial", value);
            else if (reader.TakeSign('%')) value = Expression.Quotient(value, new Expression.Number(100));
            else break;
        }
        return value;
    }

    /// <summary>An angle within a sine has to become a number; elsewhere the degree is a unit like any other.</summary>
    private Expression Degrees(Expression value)
    {
        if (_functions > 0) return new Expression.Product([value, s_degree]);
        HasDegrees = true;
        return value;
    }

    /// <summary>From the right: 2^3^2 is 2^9.</summary>
    private Expression Exponent() => reader.Nested(() =>
    {
        var isNegative = reader.TakeSign('-');
        var value = reader.Next.Kind == TokenKind.Number ? NumberParser.Of(reader.Take().Text) : Argument(); // 2^10 in plain text is not 2^1 0
        if (reader.TakeSign('^')) value = new Expression.Power(value, Exponent());
        return isNegative ? Expression.Negated(value) : value;
    });

    /// <summary><c>^\circ</c>, <c>^{\circ}</c> or °.</summary>
    private bool TakeDegree()
    {
        var length = reader.Next.IsSign('°') ? 1
            : !reader.Next.IsSign('^') ? 0
            : reader.Peek(1).IsSign('°') ? 2
            : reader.Peek(1).IsSign('{') && reader.Peek(2).IsSign('°') && reader.Peek(3).IsSign('}') ? 4
            : 0;
        reader.At += length;
        return length > 0;
    }

    private Expression Atom() => reader.Nested(() =>
    {
        var token = reader.Take();
        return token.Kind switch
        {
            TokenKind.Number => _numbers.Behind(token),
            TokenKind.Letter => Named(token.Text),
            TokenKind.Command => OfCommand(token.Text),
            TokenKind.Sign => OfSign(token.Text[0]),
            _ => throw new MathFailure(MathFailureReason.Syntax),
        };
    });

    private Expression OfSign(char sign) => sign switch
    {
        '(' => Closed(Sum(), ')'),
        '[' => Closed(Sum(), ']'),
        '{' => Closed(Sum(), '}'),
        '|' => AbsoluteValue(),
        'π' => new Expression.Symbol(Symbols.Pi),
        '∞' => new Expression.Symbol(Symbols.Infinity),
        '$' => Amount(Units.Dollar),
        '€' => Amount(Units.Euro),
        '£' => Amount(Units.Pound),
        _ => throw new MathFailure(MathFailureReason.Syntax),
    };

    private Expression.Call AbsoluteValue()
    {
        _bars++;
        var inner = Closed(Sum(), '|');
        _bars--;
        return new Expression.Call("abs", inner);
    }

    private Expression Amount(string currency)
    {
        if (Currency is not null) throw new MathFailure(MathFailureReason.Syntax);
        Currency = currency;
        return Atom();
    }

    private Expression Closed(Expression inner, char close)
    {
        reader.Expect(close);
        return inner;
    }

    private Expression Closed(Expression inner, string command) =>
        reader.TakeCommand(command) ? inner : throw new MathFailure(MathFailureReason.Syntax);

    private Expression OfCommand(string name)
    {
        if (s_functions.Contains(name)) return Function(name);
        if (s_greek.Contains(name)) return Named(name);
        switch (name)
        {
            case "frac": return Expression.Quotient(Argument(), Argument());
            case "sqrt":
                var degree = reader.TakeSign('[') ? Closed(Sum(), ']') : new Expression.Number(2);
                return Expression.Root(Argument(), degree);
            case "√": // the sign in plain text, whose argument is the whole number
                return Expression.Root(reader.Next.Kind == TokenKind.Number ? NumberParser.Of(reader.Take().Text) : Argument(), new Expression.Number(2));
            case "binom": return Binomial(Argument(), Argument());
            case "lfloor": return new Expression.Call("floor", Closed(Sum(), "rfloor"));
            case "lceil": return new Expression.Call("ceil", Closed(Sum(), "rceil"));
            default: throw new MathFailure(MathFailureReason.Syntax);
        }
    }

    private static Expression.Product Binomial(Expression n, Expression k) => new(
    [
        new Expression.Call("factorial", n),
        new Expression.Power(new Expression.Call("factorial", k), Expression.MinusOne),
        new Expression.Power(new Expression.Call("factorial", new Expression.Sum([n, Expression.Negated(k)])), Expression.MinusOne),
    ]);

    /// <summary>A function and its argument, which goes as far as the product does: \sin 2x, \ln^2 x, \log_2 8.</summary>
    private Expression Function(string name)
    {
        Expression? power = null, radix = null;
        if (reader.TakeSign('_')) radix = reader.Next.Kind == TokenKind.Number ? NumberParser.Of(reader.Take().Text) : Argument();
        if (reader.TakeSign('^')) power = Exponent();
        _functions++;
        var argument = reader.Next.IsSign('(') ? Atom() : FunctionArgument();
        _functions--;
        // \sin^{-1} is the arc sine and \sin^2 x the square of the sine, by old custom.
        if (name is "sin" or "cos" or "tan" && power is Expression.Number { Value: var minus } && minus == Fraction.MinusOne)
            return new Expression.Call("arc" + name, argument);
        Expression value = name switch
        {
            "exp" => new Expression.Power(new Expression.Symbol(Symbols.E), argument),
            "log" => Expression.Quotient(new Expression.Call("ln", argument), new Expression.Call("ln", radix ?? new Expression.Number(10))),
            _ => new Expression.Call(name, argument),
        };
        return power is null ? value : new Expression.Power(value, power);
    }

    private Expression FunctionArgument()
    {
        var factors = new List<Expression> { SignedFactor() };
        while (BeginsImplicitFactor() && !(reader.Next.Kind == TokenKind.Command && s_functions.Contains(reader.Next.Text)) && !reader.Next.IsSign('('))
            factors.Add(Factor());
        // \sin \pi/6 is a half, \ln 2/3 a third of a logarithm.
        if (reader.Next.IsSign('/') && reader.Peek(-1).IsSign('π') && reader.Peek(1).Kind == TokenKind.Number && reader.TakeSign('/'))
            factors.Add(new Expression.Power(Factor(), Expression.MinusOne));
        return factors is [var only] ? only : new Expression.Product(factors);
    }

    /// <summary>What a command, a root or an exponent is applied to: braces, brackets, or one token, and of a number one digit.</summary>
    private Expression Argument()
    {
        reader.SplitNumber();
        return Atom();
    }

    /// <summary>A variable, with its index if it has one: x_1, x_{12}, x_n.</summary>
    private Expression.Symbol Named(string name)
    {
        if (!reader.TakeSign('_')) return new Expression.Symbol(name);
        var isBraced = reader.TakeSign('{');
        var index = reader.Take();
        if (index.Kind is not (TokenKind.Number or TokenKind.Letter or TokenKind.Text or TokenKind.Word)) throw new MathFailure(MathFailureReason.Syntax);
        if (isBraced) reader.Expect('}');
        return new Expression.Symbol($"{name}_{index.Text}");
    }
}
