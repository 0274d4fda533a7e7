using Pipeline.Engine.Folders;
using Pipeline.Server.Metrics;

namespace Pipeline.Server.Tests.Metrics;

public class MetricLogTests
{
    private string _folder = null!;
    private string _file = null!;
    private MetricLog _log = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = Path.Combine(Path.GetTempPath(), $"pipeline-metrics-{Guid.NewGuid():N}");
        _file = Path.Combine(_folder, "metrics.jsonl");
        _log = new MetricLog(new StateFiles(StateFolder.Open(_folder)), _file);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Refresh_NoFileYet_HoldsNothing()
    {
        _log.Refresh();
        Assert.That(_log.Series, Is.Empty);
    }

    [Test]
    public void Refresh_LineStillBeingWritten_IsTakenInWhenItIsWhole()
    {
        File.WriteAllText(_file, "{\"step\":1,\"loss\":3}\n{\"step\":2,\"lo");
        _log.Refresh();
        Assert.That(_log.LastStep, Is.EqualTo(1));
        File.AppendAllText(_file, "ss\":2}\n");
        _log.Refresh();
        Assert.That(_log.Series["loss"].Values.ToArray(), Is.EqualTo(new[] { 3.0, 2.0 }));
    }

    [Test]
    public void Refresh_FileReplacedByAnotherStart_ForgetsTheFormer()
    {
        File.WriteAllText(_file, "{\"step\":1,\"loss\":3,\"time\":\"a\"}\n{\"step\":2,\"loss\":2,\"time\":\"b\"}\n");
        _log.Refresh();
        // Longer than before: the length alone would not tell.
        File.WriteAllText(_file, "{\"step\":1,\"loss\":7,\"time\":\"c\"}\n{\"step\":2,\"loss\":6,\"time\":\"d\"}\n{\"step\":3,\"loss\":5,\"time\":\"e\"}\n");
        _log.Refresh();
        Assert.That(_log.Series["loss"].Values.ToArray(), Is.EqualTo(new[] { 7.0, 6.0, 5.0 }));
    }

    [Test]
    public void Refresh_BareNaNAndOtherText_ArePassedOverAndCounted()
    {
        File.WriteAllText(_file, "{\"step\":1,\"loss\":3}\n{\"step\":2,\"loss\":NaN}\nhello\n[]\n{\"step\":3,\"loss\":1}\n");
        _log.Refresh();
        Assert.Multiple(() =>
        {
            Assert.That(_log.Unreadable, Is.EqualTo(3));
            Assert.That(_log.Series["loss"].Steps.ToArray(), Is.EqualTo(new long[] { 1, 3 }));
        });
    }

    [Test]
    public void Refresh_TwoLinesOfOneStep_LaterValueCounts()
    {
        File.WriteAllText(_file, "{\"step\":5,\"reward\":1}\n{\"step\":5,\"reward\":2,\"eval/pass@1\":0.5}\n");
        _log.Refresh();
        Assert.That(_log.Series["reward"].Values.ToArray(), Is.EqualTo(new[] { 2.0 }));
    }
}
