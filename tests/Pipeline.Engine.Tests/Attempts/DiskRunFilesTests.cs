using System.Text;
using Pipeline.Engine.Attempts;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Tests.Attempts;

public class DiskRunFilesTests
{
    private const string Line = """{"time":"2025-01-01T00:00:00+00:00","step":1,"kind":"alarm","code":"ENTROPY","message":"größer"}""";

    private readonly DiskRunFiles _files = new();
    private TemporaryFolder _temporary = null!;
    private AttemptFolder _folder;

    [SetUp]
    public void MakeFolder()
    {
        _temporary = new TemporaryFolder();
        _folder = new AttemptFolder(_temporary.Of("runs", "r", "s", "attempt-1"));
        _files.Prepare(_folder, new JobFile { Run = "r", Stage = "s", Instance = "s", Attempt = 1, Token = "t", Kind = "sft" });
    }

    [TearDown]
    public void RemoveFolder() => _temporary.Dispose();

    [Test]
    public void Prepare_MadeAgain_LeavesTheSameFile()
    {
        var before = File.ReadAllText(_folder.Job);
        _files.Prepare(_folder, new JobFile { Run = "r", Stage = "s", Instance = "s", Attempt = 1, Token = "t", Kind = "sft" });
        Assert.That(File.ReadAllText(_folder.Job), Is.EqualTo(before));
        Assert.That(Directory.GetFiles(_folder.Path), Has.Length.EqualTo(1));
    }

    [Test]
    public void Events_UpToTheLastWholeLine_WithOffsetsInBytes()
    {
        File.WriteAllText(_folder.Events, $"{Line}\nnot an event\n{Line}\n{Line[..20]}");
        var bytes = Encoding.UTF8.GetByteCount(Line); // two letters of it take two bytes
        var lines = _files.Events(_folder, 0);
        Assert.That(lines.Select(line => line.End), Is.EqualTo(new[] { bytes + 1, bytes + 14, (2 * bytes) + 15 }));
        Assert.That(lines.Select(line => line.Event?.Message), Is.EqualTo(new[] { "größer", null, "größer" }));

        Assert.That(_files.Events(_folder, bytes + 14).Single().End, Is.EqualTo((2 * bytes) + 15));
        File.AppendAllText(_folder.Events, Line[20..] + "\n");
        Assert.That(_files.Events(_folder, (2 * bytes) + 15).Single().Event!.Code, Is.EqualTo("ENTROPY"));
    }

    [Test]
    public void WhatIsNotThere_IsNothing()
    {
        Assert.That(_files.Events(_folder, 0), Is.Empty);
        Assert.That(_files.Heartbeat(_folder), Is.Null);
        Assert.That(_files.Result(_folder), Is.Null);
        Assert.That(_files.Digest(_temporary.Of("nothing")), Is.Null);
        Assert.That(_files.Checkpoints(_folder), Is.Empty);
    }

    [TestCase("""{"token":"t"}""", "t")]
    [TestCase("""{"protocol":1,"token":"t","applause":true}""", "t")]
    [TestCase("""{"protocol":2,"token":"t"}""", null)]
    [TestCase("""{"protocol":1,"tok""", null)]
    public void Result_OfThisProtocol_IsRead(string json, string? token)
    {
        File.WriteAllText(_folder.Result, json);
        Assert.That(_files.Result(_folder)?.Token, Is.EqualTo(token));
    }

    [Test]
    public void Digest_OfAChangedFolder_IsAnother()
    {
        Directory.CreateDirectory(_temporary.Of("model"));
        File.WriteAllText(_temporary.Of("model", "a"), "one");
        var first = _files.Digest(_temporary.Of("model"));
        Assert.That(_files.Digest(_temporary.Of("model")), Is.EqualTo(first));
        File.WriteAllText(_temporary.Of("model", "a"), "other");
        Assert.That(_files.Digest(_temporary.Of("model")), Is.Not.EqualTo(first));
    }
}
