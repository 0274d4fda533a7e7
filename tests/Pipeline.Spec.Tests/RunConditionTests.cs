using System.Text.Json.Nodes;
using Pipeline.Protocol.Jobs;
using Pipeline.Spec.Resolved;

namespace Pipeline.Spec.Tests;

public sealed class RunConditionTests
{
    // A parameter is a whole number, what it is compared with may be written with a point.
    [TestCase("4", Comparison.Greater, "3.0", true)]
    [TestCase("3", Comparison.Equal, "3.0", true)]
    [TestCase("3", Comparison.NotEqual, "3", false)]
    [TestCase("\"small\"", Comparison.Equal, "\"small\"", true)]
    [TestCase("true", Comparison.NotEqual, "false", true)]
    public void Holds_HoweverTheValuesCameAbout_ComparesThem(string found, Comparison op, string value, bool holds)
    {
        var condition = new RunCondition { Param = "p", Op = op, Value = JsonNode.Parse(value)! };
        Assert.That(condition.Holds(JsonNode.Parse(found)), Is.EqualTo(holds));
        if (long.TryParse(found, out var whole)) Assert.That(condition.Holds(JsonValue.Create(whole)), Is.EqualTo(holds));
    }
}
