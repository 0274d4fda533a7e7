using Pipeline.Datasets.Packing;

namespace Pipeline.Datasets.Tests.Packing;

public sealed class TokenFileTests
{
    [Test]
    public void Examples_ReadInAnyOrder_AreThoseWritten()
    {
        using var folder = new TestFolder();
        var written = Enumerable.Range(0, 1000).Select(row => new TokenExample(
            [.. Enumerable.Range(row, row % 50 + 1)], [.. Enumerable.Range(row, row % 50 + 1).Select(token => token % 3 == 0)])).ToList();
        using var tokens = TokenFile.Of(written, folder.Path);
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty, "nothing is left behind, not even by a killed process");
        Assert.That(tokens, Has.Count.EqualTo(1000));
        foreach (var row in SeededOrder.Permutation(seed: 1, epoch: 0, count: 1000))
        {
            Assert.That(tokens[row].Ids, Is.EqualTo(written[row].Ids));
            Assert.That(tokens[row].CompletionMask, Is.EqualTo(written[row].CompletionMask));
        }
    }

    [Test]
    public void Examples_ThatFailHalfway_LeaveNothing()
    {
        using var folder = new TestFolder();
        Assert.Throws<InvalidDataException>(() => TokenFile.Of(Torn(), folder.Path));
        Assert.That(Directory.GetFiles(folder.Path), Is.Empty);
    }

    private static IEnumerable<TokenExample> Torn()
    {
        yield return TokenExample.Whole([1]);
        throw new InvalidDataException();
    }
}
