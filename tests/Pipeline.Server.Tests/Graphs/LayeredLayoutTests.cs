using Pipeline.Server.Graphs;

namespace Pipeline.Server.Tests.Graphs;

public class LayeredLayoutTests
{
    [Test]
    public void Of_AChain_IsOneRow()
    {
        var layout = LayeredLayout.Of(3, [(0, 1), (1, 2)]);
        Assert.Multiple(() =>
        {
            Assert.That(layout.Column, Is.EqualTo(new[] { 0, 1, 2 }));
            Assert.That(layout.Row, Is.All.EqualTo(0));
            Assert.That(layout.Rows, Is.EqualTo(1));
        });
    }

    [Test]
    public void Of_ALongEdge_PassesTheColumnsBetween_BesideTheNodeThere()
    {
        // 0 -> 1 -> 2 and 0 -> 2: the long edge passes column 1 a row away from node 1.
        var layout = LayeredLayout.Of(3, [(0, 1), (1, 2), (0, 2)]);
        Assert.Multiple(() =>
        {
            Assert.That(layout.Passes[2], Has.Count.EqualTo(1));
            Assert.That(Math.Abs(layout.Passes[2][0] - layout.Row[1]), Is.GreaterThanOrEqualTo(1));
        });
    }

    [Test]
    public void Of_CrossedPairs_AreUncrossed()
    {
        // 0 and 1 in the first column, 2 and 3 in the second, joined crosswise: in place or reversed, the order must agree.
        var layout = LayeredLayout.Of(4, [(0, 3), (1, 2)]);
        Assert.That(layout.Row[0] < layout.Row[1], Is.EqualTo(layout.Row[3] < layout.Row[2]));
    }

    [Test]
    public void Of_NodesOfAColumn_AreARowApart()
    {
        var layout = LayeredLayout.Of(6, [(0, 1), (0, 2), (0, 3), (0, 4), (4, 5), (1, 5)]);
        var rows = Enumerable.Range(1, 4).Select(node => layout.Row[node]).Order().ToArray();
        Assert.That(rows.Zip(rows.Skip(1), (above, below) => below - above), Is.All.GreaterThanOrEqualTo(1));
    }

    [Test]
    public void Of_TwoHundredStages_TakesUnderASecond()
    {
        var random = new Random(1);
        (int, int)[] edges = [.. Enumerable.Range(1, 199).SelectMany(to => Enumerable.Range(0, 3).Select(_ => (random.Next(Math.Max(0, to - 12), to), to))).Distinct()];
        var clock = System.Diagnostics.Stopwatch.StartNew();
        LayeredLayout.Of(200, edges);
        Assert.That(clock.Elapsed, Is.LessThan(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void Of_NoStages_IsEmpty() => Assert.That(LayeredLayout.Of(0, []).Columns, Is.Zero);
}
