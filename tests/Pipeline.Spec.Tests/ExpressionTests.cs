using System.Text.Json.Nodes;
using Pipeline.Spec.Expressions;

namespace Pipeline.Spec.Tests;

public sealed class ExpressionTests
{
    /// <summary>The settings under <c>with</c> of a command, which are free, after expressions were replaced.</summary>
    private static JsonObject Settings(string with) => PipelineFile.Parse($$$"""
        apiVersion: pipeline/v1
        kind: Pipeline
        name: a
        params:
          n: { type: integer, default: 3 }
          rate: { type: number, default: 1e-4 }
          flag: { type: boolean, default: true }
          word: { type: string, default: "3" }
          home: { type: string, default: "${{ env.HOME }}!" }
        stages:
          a: { uses: command, run: [x], with: { v: {{{with}}} } }
        """, "a.yaml").Pipeline!.Stages[0].Options;

    [TestCase("${{ params.n }}", "3")]
    [TestCase("${{params.n}}", "3")]
    [TestCase("'${{ params.rate }}'", "0.0001")]
    [TestCase("'${{ params.flag }}'", "true")]
    [TestCase("'${{ params.word }}'", "\"3\"")]
    public void WholeValue_KeepsItsType(string expression, string json) =>
        Assert.That(Settings($"\"{expression.Trim('\'')}\"")["v"]!.ToJsonString(), Is.EqualTo(json));

    [Test]
    public void PartOfAText_IsText() =>
        Assert.That(Settings("\"${{ params.n }}-${{ params.flag }}-${{ params.rate }}\"")["v"]!.GetValue<string>(), Is.EqualTo("3-true-0.0001"));

    [Test]
    public void Environment_InAParameter_IsReadOnce() =>
        Assert.That(Settings("\"${{ params.home }}\"")["v"]!.GetValue<string>(), Is.EqualTo(Environment.GetEnvironmentVariable("HOME") + "!"));

    [Test]
    public void Alias_OfAnExpression_IsReplacedWhereItIsUsed() =>
        Assert.That(Settings("[ &x \"${{ params.n }}\", *x ]")["v"]!.ToJsonString(), Is.EqualTo("[3,3]"));

    [Test]
    public void LateText_Filled_HasItsValues()
    {
        var filled = LateText.Fill("--job=${{ job.file }} of ${{ run.id }}", name => name switch { "job.file" => "/j", "run.id" => "r1", _ => null });

        Assert.That(filled, Is.EqualTo("--job=/j of r1"));
    }

    [Test]
    public void LateText_WithoutAValue_Throws() =>
        Assert.That(() => LateText.Fill("${{ secrets.HOOK }}", _ => null), Throws.TypeOf<KeyNotFoundException>().With.Message.Contains("secrets.HOOK"));
}
