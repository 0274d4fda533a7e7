using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Rewards.Answers;

namespace Pipeline.Rewards.Tests.Mathematics;

/// <summary>A thousand pairs on which SymPy has decided; <c>tests/Reference/mathematics.py</c> makes them.</summary>
public class SymPyTests
{
    [Test]
    public void Matches_GeneratedPairs_DecidesAsSymPyDoes()
    {
        using var file = File.OpenRead(Path.Combine(TestContext.CurrentContext.TestDirectory, "Reference", "mathematics.json"));
        var pairs = JsonSerializer.Deserialize<Pair[]>(file)!;
        Assert.That(pairs, Has.Length.EqualTo(1_000));
        var missed = pairs.Where(pair => MathAnswer.Parse(pair.Left) is not { } left || MathAnswer.Parse(pair.Right) is not { } right
            || left.Matches(right) != pair.IsEqual || right.Matches(left) != pair.IsEqual);
        Assert.That(missed, Is.Empty);
    }

    private sealed record Pair(
        [property: JsonPropertyName("kind")] string Kind, [property: JsonPropertyName("left")] string Left,
        [property: JsonPropertyName("right")] string Right, [property: JsonPropertyName("equal")] bool IsEqual);
}
