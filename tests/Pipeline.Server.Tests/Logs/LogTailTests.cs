using System.Text;
using Pipeline.Server.Logs;

namespace Pipeline.Server.Tests.Logs;

public class LogTailTests
{
    [Test]
    public void Read_NoLogYet_IsEmpty() =>
        Assert.That(LogTail.Read(null, 1, growing: true, offset: null, limit: 100), Is.EqualTo(new LogPart(1, 0, 0, 0, "")));

    [Test]
    public void Read_TheEnd_BeginsWithAWholeLine()
    {
        // 12 bytes, the last 7 are "o\nthree": from there the first whole line is "three\n"... the 6 bytes from 8 on.
        var part = Read("one\ntwo\nthree\n", growing: true, limit: 8);
        Assert.That(part, Is.EqualTo(new LogPart(1, 14, 8, 14, "three\n")));
    }

    [Test]
    public void Read_FollowingFromTheLastEnd_GivesWhatIsNew() =>
        Assert.That(Read("one\ntwo\n", growing: true, offset: 4).Text, Is.EqualTo("two\n"));

    [Test]
    public void Read_LineStillBeingWritten_IsLeftForLater() =>
        Assert.That(Read("one\ntw", growing: true), Is.EqualTo(new LogPart(1, 6, 0, 4, "one\n")));

    [Test]
    public void Read_AttemptThatEndedInTheMiddleOfALine_ShowsIt() =>
        Assert.That(Read("one\nKilled", growing: false).Text, Is.EqualTo("one\nKilled"));

    [Test]
    public void Read_LineLongerThanTheLimit_IsNotCutWithinACharacter()
    {
        // "aaé…": é is two bytes at 2-3, … three bytes at 4-6. Five bytes end within the …, so four are given.
        var part = Read("aaé…bb\n", growing: true, offset: 0, limit: 5);
        Assert.That((part.Text, part.End), Is.EqualTo(("aaé", 4L)));
    }

    [Test]
    public void Read_OffsetBeyondTheEnd_IsTheEnd() =>
        Assert.That(Read("one\n", growing: true, offset: 99), Is.EqualTo(new LogPart(1, 4, 4, 4, "")));

    private static LogPart Read(string log, bool growing, long? offset = null, int limit = 100)
    {
        using var file = new MemoryStream(Encoding.UTF8.GetBytes(log));
        return LogTail.Read(file, attempt: 1, growing, offset, limit);
    }
}
