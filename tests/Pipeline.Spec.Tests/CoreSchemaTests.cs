using Pipeline.Spec.Yaml;

namespace Pipeline.Spec.Tests;

/// <summary>The examples of YAML 1.2.2, section 10.3.2, and those that surprise people coming from YAML 1.1.</summary>
public sealed class CoreSchemaTests
{
    [TestCase("0", 0L)]
    [TestCase("010", 10L)]
    [TestCase("-19", -19L)]
    [TestCase("+3", 3L)]
    [TestCase("0o14", 12L)]
    [TestCase("0x3A", 58L)]
    [TestCase("1e-4", 1e-4)]
    [TestCase("1.0E6", 1e6)]
    [TestCase("0.", 0.0)]
    [TestCase("-.5", -0.5)]
    [TestCase("12e03", 12000.0)]
    [TestCase(".inf", double.PositiveInfinity)]
    [TestCase("-.INF", double.NegativeInfinity)]
    [TestCase(".NaN", double.NaN)]
    [TestCase("9223372036854775808", 9223372036854775808.0)] // one more than fits a long
    public void Resolve_Number_IsANumber(string text, object expected) => Assert.That(CoreSchema.Resolve(text), Is.EqualTo(expected).And.TypeOf(expected.GetType()));

    [TestCase("true", true)]
    [TestCase("FALSE", false)]
    public void Resolve_Boolean_IsABoolean(string text, bool expected) => Assert.That(CoreSchema.Resolve(text), Is.EqualTo(expected));

    [TestCase("")]
    [TestCase("~")]
    [TestCase("Null")]
    public void Resolve_Nothing_IsNull(string text) => Assert.That(CoreSchema.Resolve(text), Is.Null);

    [TestCase("yes")]
    [TestCase("on")]
    [TestCase("1:30")]
    [TestCase("1_000")]
    [TestCase("40GB")]
    [TestCase("1.2.3")]
    [TestCase("2001-12-14")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("0o8")]
    [TestCase("0x")]
    [TestCase(".")]
    [TestCase("+")]
    [TestCase("e5")]
    [TestCase("tRUE")]
    public void Resolve_AnythingElse_IsText(string text) => Assert.That(CoreSchema.Resolve(text), Is.EqualTo(text));
}
