using Pipeline.Datasets.Packing;

namespace Pipeline.Datasets.Tests.Packing;

public sealed class ExamplePackingTests
{
    [Test]
    public void BestFitDecreasing_OfLengthsThatFitExactly_FillsEveryRow()
    {
        // 20 tokens for two rows of 10: 5 opens the first, 4 joins it, 3 3 2 2 fill the second, 1 the hole that 5 and 4 left.
        var rows = ExamplePacking.BestFitDecreasing(Of(3, 1, 2, 5, 4, 2, 3), capacity: 10);
        Assert.That(rows.Select(row => row.Select(example => example.Length)), Is.EqualTo(new int[][] { [5, 4, 1], [3, 3, 2, 2] }));
    }

    [Test]
    public void BestFitDecreasing_WithAChoiceOfRows_TakesTheFullest()
    {
        // 7 and 6 open rows with room for 3 and 4; 3 goes where it leaves none, although the other was not full either.
        var rows = ExamplePacking.BestFitDecreasing(Of(6, 7, 3), capacity: 10);
        Assert.That(rows.Select(row => row.Select(example => example.Length)), Is.EqualTo(new int[][] { [7, 3], [6] }));
    }

    [Test]
    public void BestFitDecreasing_OfAnExampleLongerThanARow_GivesItARowOfItsOwn() =>
        Assert.That(ExamplePacking.BestFitDecreasing(Of(12, 1), capacity: 10).Select(row => row.Count), Is.EqualTo(new[] { 1, 1 }));

    [Test]
    public void BestFitDecreasing_OfAThousandExamples_KeepsEachOnceAndWithinEightPercentOfTheLeastRows()
    {
        var random = new Random(1);
        var examples = Of([.. Enumerable.Range(0, 1000).Select(_ => random.Next(1, 60))]).ToList();
        var rows = ExamplePacking.BestFitDecreasing(examples, capacity: 128);
        Assert.That(rows.SelectMany(row => row), Is.EquivalentTo(examples));
        Assert.That(rows.Max(row => row.Sum(example => example.Length)), Is.LessThanOrEqualTo(128));
        Assert.That(rows, Has.Count.LessThan(1.08 * examples.Sum(example => example.Length) / 128));
    }

    private static IEnumerable<TokenExample> Of(params int[] lengths) => lengths.Select(length => TokenExample.Whole(new int[length]));
}
