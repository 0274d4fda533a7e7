using Pipeline.Engine.Folders;

namespace Pipeline.Engine.Tests.Folders;

public class StateFolderTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Folder_ThatIsNotThere_IsMade_AndOpensAgain()
    {
        var state = StateFolder.Open(_folder.Of("new", "state"));
        File.WriteAllText(state.Journal, "");
        Assert.That(StateFolder.Open(state.Path).Path, Is.EqualTo(_folder.Of("new", "state")));
    }

    [Test]
    public void Folder_WithSomebodyElsesFiles_IsRefusedAndLeftAlone()
    {
        File.WriteAllText(_folder.Of("thesis.tex"), "");
        var error = Assert.Throws<EngineException>(() => StateFolder.Open(_folder.Path))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.StateFolderForeign));
        Assert.That(error.Message, Does.Contain("thesis.tex").And.Contain("--state"));
        Assert.That(Directory.GetFiles(_folder.Path), Is.EqualTo(new[] { _folder.Of("thesis.tex") }));
    }

    [TestCase("""{"product":"pipeline","layout":2}""", EngineErrors.StateFolderNewer)]
    [TestCase("""{"product":"minecraft","layout":1}""", EngineErrors.StateFolderForeign)]
    [TestCase("not json", EngineErrors.StateFolderForeign)]
    public void Folder_WithALayoutThatIsNotOurs_IsRefused(string layout, string code)
    {
        File.WriteAllText(_folder.Of("layout.json"), layout);
        Assert.That(Assert.Throws<EngineException>(() => StateFolder.Open(_folder.Path))!.Code, Is.EqualTo(code));
    }

    [Test]
    public void Path_ThatIsAFile_IsRefused()
    {
        File.WriteAllText(_folder.Of("file"), "");
        var error = Assert.Throws<EngineException>(() => StateFolder.Open(_folder.Of("file")))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.StateFolderUnwritable));
        Assert.That(error.Message, Does.Contain(_folder.Of("file")));
    }

    [Test]
    public void Lock_HeldByOneEngine_IsNotGivenToASecond_UntilItIsGivenUp()
    {
        var state = StateFolder.Open(_folder.Path);
        using (var first = EngineLock.TryTake(state))
        {
            Assert.That(first, Is.Not.Null);
            Assert.That(EngineLock.TryTake(state), Is.Null);
            Assert.That(EngineLock.Holder(state)!.Pid, Is.EqualTo(Environment.ProcessId));
            Assert.That(EngineLock.Holder(state)!.ToString(), Does.StartWith($"process {Environment.ProcessId} on {Environment.MachineName}"));
        }
        using var second = EngineLock.TryTake(state);
        Assert.That(second, Is.Not.Null);
    }
}
