using System.Numerics;
using Fractions;
using Pipeline.Rewards.Mathematics.Numeric;

namespace Pipeline.Rewards.Tests.Mathematics;

/// <summary>Sixty digits of well-known numbers (OEIS A000796, A001113, A002162, A002193), and of functions by mpmath 1.2.</summary>
public class RealTests
{
    private static readonly Real s_half = Real.One.Scaled(-1);

    private static IEnumerable<TestCaseData> Known()
    {
        yield return new TestCaseData(Elementary.Pi, "3.14159265358979323846264338327950288419716939937510582097494").SetName("pi");
        yield return new TestCaseData(Elementary.Exp(1), "2.71828182845904523536028747135266249775724709369995957496697").SetName("e");
        yield return new TestCaseData(Elementary.Ln(2), "0.69314718055994530941723212145817656807550013436025525412068").SetName("ln 2");
        yield return new TestCaseData(Real.Sqrt(2), "1.41421356237309504880168872420969807856967187537694807317668").SetName("sqrt 2");
        yield return new TestCaseData(Elementary.Exp(-10), "0.0000453999297624848515355915155605506102379180888665649692590713").SetName("exp -10");
        yield return new TestCaseData(Elementary.Ln(1000), "6.90775527898213705205397436405309262280330446588631892809998").SetName("ln 1000");
        yield return new TestCaseData(Elementary.SinCos(1).Sin, "0.841470984807896506652502321630298999622563060798371065672752").SetName("sin 1");
        yield return new TestCaseData(Elementary.SinCos(-100).Cos, "0.862318872287683934101938513950842535510084008535510829280162").SetName("cos -100");
        yield return new TestCaseData(Elementary.ArcTan(s_half), "0.463647609000806116214256231461214402028537054286120263810933").SetName("arctan 1/2");
        yield return new TestCaseData(Elementary.ArcTan(-3), "-1.24904577239825442582991707728109012307782940412989671905467").SetName("arctan -3");
    }

    [TestCaseSource(nameof(Known))]
    public void Function_KnownValue_HoldsForFiftyDigits(object value, string digits)
    {
        var point = digits.IndexOf('.');
        var exact = new Fraction(BigInteger.Parse(digits.Remove(point, 1)), BigInteger.Pow(10, digits.Length - point - 1));
        // The last digit written may be off by one, and 55 digits are 182 bits.
        Assert.That(((Real)value - Real.Of(exact)).IsZero || ((Real)value - Real.Of(exact)).Scale < Real.Of(exact).Scale - 182);
    }

    [Test]
    public void Floor_ValueAHairBelowAnInteger_IsTheInteger()
    {
        // ln 8 / ln 2 in 256 bits may come out as 2.99…9; 3 - 2^-100 is less than 3 for good.
        Assert.That((Elementary.Ln(8) / Elementary.Ln(2)).Floor(), Is.EqualTo(new BigInteger(3)));
        Assert.That((3 - Real.One.Scaled(-100)).Floor(), Is.EqualTo(new BigInteger(2)));
        Assert.That((-s_half).Floor(), Is.EqualTo(new BigInteger(-1)));
    }
}
