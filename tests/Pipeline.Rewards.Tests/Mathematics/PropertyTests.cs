using FsCheck;
using FsCheck.Fluent;
using Pipeline.Rewards.Answers;

namespace Pipeline.Rewards.Tests.Mathematics;

/// <summary>What holds for any answer, tried on random LaTeX: soup of tokens, and formulas that are well-formed.</summary>
public class PropertyTests
{
    private static readonly string[] s_tokens =
    [
        "0", "1", "2", "7", "12", "1,234", "0.5", ".5", "1e3", "x", "y", "e", "i", @"\pi", "+", "-", "*", "/", "^", "^2", "^{-1}", "_", "_1", "_{5}", "!", "%", @"\%",
        "=", "<", @"\le", @"\ge", @"\ne", @"\in", @"\cup", ",", ";", ":", "(", ")", "[", "]", "{", "}", @"\{", @"\}", "|", @"\pm", @"\frac", @"\dfrac", @"\sqrt", @"\sqrt[3]",
        @"\sin", @"\ln", @"\log_2", @"\binom", @"\text{cm}", @"\text{", @"\text{ or }", @"^\circ", @"\infty", @"\left(", @"\right)", @"\begin{pmatrix}", @"\end{pmatrix}",
        "&", @"\\", @"\,", @"\!", " ", "$", @"\$", "and", "apples", "A", @"\lfloor", @"\rfloor", @"\overline{3}", @"\mathbb{R}", "√", "²", "−", "π", "…", "\\",
    ];

    private static readonly Gen<string> s_soup = Gen.Elements(s_tokens).ListOf().Select(string.Concat);

    private static readonly Gen<string> s_formula = Gen.Sized(Formula);

    /// <summary>Always the same ones, so that a failure is the change's; a formula costs more than a soup, most of which nobody can read.</summary>
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithReplay(20_250_122, 1);

    [Test]
    public void Parse_AnySoup_NeverThrowsAndIsReflexive() => Check(2_000, s_soup, text =>
        MathAnswer.Parse(text) is not { } answer || (answer.Matches(answer) == true && answer.Matches(MathAnswer.Parse(" " + text)!) == true));

    [Test]
    public void Matches_AnyTwoSoups_IsSymmetric() => Check(2_000, Pairs(s_soup), IsSymmetric);

    [Test]
    public void Matches_AnyTwoFormulas_IsSymmetric() => Check(300, Pairs(s_formula), IsSymmetric);

    [Test]
    public void Matches_AnyFormulaRespelled_IsTheSame() => CheckFormulas((text, answer) =>
        Respelling.All.All(respell => MathAnswer.Parse(respell(text)) is { } again && again.Matches(answer) != false));

    [Test]
    public void Matches_AnyFormulaAndOneMore_IsNotTheSame() => CheckFormulas((text, answer) =>
        MathAnswer.Parse($"{text}+1") is { } more && more.Matches(answer) != true);

    private static void CheckFormulas(Func<string, MathAnswer, bool> holds)
    {
        var read = 0;
        Check(300, s_formula, text =>
        {
            if (MathAnswer.Parse(text) is not { } answer) return true;
            read++;
            return holds(text, answer);
        });
        Assert.That(read, Is.GreaterThan(270), "formulas that nobody can read show nothing");
    }

    private static bool IsSymmetric((string Left, string Right) pair) =>
        MathAnswer.Parse(pair.Left) is not { } left || MathAnswer.Parse(pair.Right) is not { } right || left.Matches(right) == right.Matches(left);

    private static Gen<(string Left, string Right)> Pairs(Gen<string> texts) => texts.Two().Select(pair => (pair.Item1, pair.Item2));

    private static Gen<string> Formula(int size)
    {
        var leaf = Gen.Elements("0", "1", "2", "3", "10", "0.5", "x", "y", "n", @"\pi", "e", "i", @"\sqrt2", @"\frac12");
        if (size <= 1) return leaf;
        var part = Formula(Math.Min(size / 2, 8));
        return Gen.OneOf(
            leaf,
            part.Two().Select(pair => $"{pair.Item1}+{pair.Item2}"),
            part.Two().Select(pair => $"{pair.Item1}-({pair.Item2})"),
            part.Two().Select(pair => $@"({pair.Item1})\cdot({pair.Item2})"),
            part.Two().Select(pair => $@"\frac{{{pair.Item1}}}{{{pair.Item2}}}"),
            part.Select(inner => $"({inner})^2"),
            part.Select(inner => $@"\sqrt{{{inner}}}"),
            part.Select(inner => $@"\sin({inner})"),
            part.Select(inner => $"|{inner}|"));
    }

    private static void Check<T>(int count, Gen<T> values, Func<T, bool> holds) =>
        FsCheck.Check.One(s_config.WithMaxTest(count), Prop.ForAll(values.ToArbitrary(), holds));
}
