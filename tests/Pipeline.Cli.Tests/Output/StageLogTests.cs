using System.Text;
using Pipeline.Cli.Output;

namespace Pipeline.Cli.Tests.Output;

public sealed class StageLogTests
{
    private string _file = null!;

    [SetUp]
    public void Begin() => _file = Path.GetTempFileName();

    [TearDown]
    public void End() => File.Delete(_file);

    [Test]
    public void Copy_WhileTheStageWrites_LeavesAHalfLineForTheNextTime()
    {
        var output = new StringWriter();
        var umlaut = Encoding.UTF8.GetBytes("one\ngröße\n");
        File.WriteAllBytes(_file, umlaut[..7]); // in the middle of the two bytes of ö
        var offset = StageLog.Copy(_file, 0, ended: false, output);
        Assert.That((offset, output.ToString()), Is.EqualTo((4L, "one\n")));

        File.WriteAllBytes(_file, umlaut);
        offset = StageLog.Copy(_file, offset, ended: false, output);
        Assert.That((offset, output.ToString()), Is.EqualTo(((long)umlaut.Length, "one\ngröße\n")));
    }

    [Test]
    public void Copy_WhenTheStageHasEnded_PrintsTheRest()
    {
        File.WriteAllText(_file, "no line end");
        var output = new StringWriter();
        Assert.That(StageLog.Copy(_file, 0, ended: true, output), Is.EqualTo(11));
        Assert.That(output.ToString(), Is.EqualTo("no line end"));
    }

    [Test]
    public void LastLines_OfALongLog_AreTheLastAndSafe()
    {
        File.WriteAllLines(_file, Enumerable.Range(0, 100_000).Select(number => $"\u001b[1mline {number}"));
        Assert.That(StageLog.LastLines(_file, 2), Is.EqualTo(new[] { "^[[1mline 99998", "^[[1mline 99999" }));
    }

    [Test]
    public void LastLines_OfNoFile_AreNone() => Assert.That(StageLog.LastLines(_file + ".not", 2), Is.Empty);
}
