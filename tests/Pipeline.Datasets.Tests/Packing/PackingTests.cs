using System.Text.Json;
using Pipeline.Datasets.Packing;

namespace Pipeline.Datasets.Tests.Packing;

public class PackingTests
{
    [Test]
    public void Permutation_OfASeed_NeverChanges() =>
        // Computed apart, in Python: Fisher-Yates from the end, position i swapped with (mix(mix(mix(1) ^ 0) + i) * (i + 1)) >> 64.
        // Another order would let a resumed run see other data than the unbroken one.
        Assert.That(SeededOrder.Permutation(seed: 1, epoch: 0, count: 10), Is.EqualTo(new[] { 1, 2, 3, 9, 6, 0, 5, 7, 8, 4 }));

    [Test]
    public void Permutation_OfAnyCount_HoldsEachNumberOnce([Values(0, 1, 2, 1000)] int count) =>
        Assert.That(SeededOrder.Permutation(7, 3, count).Order(), Is.EqualTo(Enumerable.Range(0, count)));

    [Test]
    public void Permutation_OtherSeedOrEpoch_IsAnother()
    {
        var orders = new[] { (1UL, 0L), (1UL, 1L), (2UL, 0L), (0UL, 1L), (0UL, 2L) }
            .Select(key => string.Join(',', SeededOrder.Permutation(key.Item1, key.Item2, 100)));
        Assert.That(orders, Is.Unique);
    }

    [Test]
    public void Permutation_OverManySeeds_PutsEachNumberAnywhereEquallyOften()
    {
        // 6,000 seeds, 3! = 6 orders: 1,000 each expected, standard deviation sqrt(6000 * 1/6 * 5/6) = 29; 5 of them = 145.
        var counts = Enumerable.Range(0, 6000).Select(seed => string.Join(',', SeededOrder.Permutation((ulong)seed, 0, 3))).CountBy(order => order).ToList();
        Assert.That(counts, Has.Count.EqualTo(6));
        Assert.That(counts.Select(order => order.Value), Is.All.InRange(855, 1145));
    }

    [Test]
    public void Take_AcrossAnEpoch_GoesOnWithTheNext()
    {
        var rows = new ShuffledRows(seed: 5, count: 4);
        var (taken, next) = rows.Take(default, 6);
        Assert.That(taken, Is.EqualTo(SeededOrder.Permutation(5, 0, 4).Concat(SeededOrder.Permutation(5, 1, 4).Take(2))));
        Assert.That(next, Is.EqualTo(new DataCursor(1, 2)));
        Assert.That(rows.Take(default, 4).Next, Is.EqualTo(new DataCursor(1, 0)), "never an index beyond the end");
    }

    [Test]
    public void Take_FromASavedCursor_IsTheUnbrokenOrder()
    {
        var unbroken = new ShuffledRows(9, 7).Take(default, 30).Rows;
        var resumed = new List<int>();
        var cursor = default(DataCursor);
        foreach (var step in new[] { 5, 1, 9, 0, 15 })
        {
            cursor = JsonSerializer.Deserialize<DataCursor>(JsonSerializer.Serialize(cursor)); // as through a checkpoint
            (var rows, cursor) = new ShuffledRows(9, 7).Take(cursor, step);
            resumed.AddRange(rows);
        }
        Assert.That(resumed, Is.EqualTo(unbroken));
    }

    [Test]
    public void Pad_UnequalRows_FillsOnTheRight()
    {
        var batch = TokenBatch.Pad([new([1, 2, 3], [false, true, true]), new([4], [true])], padId: 9);
        Assert.That((batch.Rows, batch.Columns), Is.EqualTo((2, 3)));
        Assert.That(batch.Ids, Is.EqualTo(new[] { 1, 2, 3, 4, 9, 9 }));
        Assert.That(batch.CompletionMask, Is.EqualTo(new[] { false, true, true, true, false, false }));
        Assert.That(batch.Lengths, Is.EqualTo(new[] { 3, 1 }));
    }

    [Test]
    public void Pad_RowTooLong_IsNotCut()
    {
        var error = Assert.Throws<DatasetException>(() => TokenBatch.Pad([TokenExample.Whole([1, 2, 3])], padId: 9, maxLength: 2))!;
        Assert.That(error.Code, Is.EqualTo(DatasetErrors.ExampleTooLong));
        Assert.That(error.Message, Does.Contain("3 tokens").And.Contain("limit is 2"));
    }

    [Test]
    public void Blocks_OfDocuments_AreFullAndMarkTheBorders()
    {
        // 1 2 3 0 | 4 5 0 6 | 0 - the last token is left over
        var blocks = SequencePacking.Blocks([[1, 2, 3], [4, 5], [6]], eosId: 0, blockLength: 4).ToList();
        Assert.That(blocks.Select(block => block.Ids), Is.EqualTo(new[] { new[] { 1, 2, 3, 0 }, [4, 5, 0, 6] }));
        Assert.That(blocks.SelectMany(block => block.CompletionMask), Is.All.True);
    }
}
