using System.Text;
using Pipeline.Server.Logs;

namespace Pipeline.Server.Tests.Logs;

public class LogSearchTests
{
    [Test]
    public void In_ALineAcrossTwoBlocks_IsFoundWhereItBegins()
    {
        // Blocks are of 1 MiB: the line begins ten bytes before the end of the first.
        var offset = (1 << 20) - 10;
        var text = new string('x', offset - 1) + "\nnot before the needle is here\nend";
        Assert.That(Found(text, "needle"), Is.EqualTo(new[] { (offset, "not before the needle is here") }));
    }

    [Test]
    public void In_ALastLineWithoutItsEnd_IsSearchedToo() => Assert.That(Found("a\nneedle", "NEEDLE"), Is.EqualTo(new[] { (2, "needle") }));

    [Test]
    public void In_ALineLongerThanABlock_IsSearchedInPieces() =>
        Assert.That(Found(new string('x', 3 << 20) + "needle\n", "needle"), Has.Length.EqualTo(1));

    [Test]
    public void In_NothingPrinted_FindsNothing() => Assert.That(Found("", "x"), Is.Empty);

    private static (int Offset, string Text)[] Found(string log, string text) =>
        [.. LogSearch.In(new MemoryStream(Encoding.UTF8.GetBytes(log)), 1, "stdout", text).Select(line => ((int)line.Offset, line.Text))];
}
