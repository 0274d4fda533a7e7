using Pipeline.Engine.Folders;

namespace Pipeline.Server.Tests.Http;

public class StateFilesTests
{
    private string _root = null!;
    private StateFiles _files = null!;

    [SetUp]
    public void MakeFolders()
    {
        _root = Path.Combine(Path.GetTempPath(), $"pipeline-files-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Path.Combine(_root, "outside"));
        File.WriteAllText(Path.Combine(_root, "outside", "secret"), "secret");
        _files = new StateFiles(StateFolder.Open(Path.Combine(_root, "state")));
        Directory.CreateDirectory(Path.Combine(_root, "state", "runs"));
    }

    [TearDown]
    public void RemoveFolders() => Directory.Delete(_root, recursive: true);

    [Test]
    public void Open_PathThatClimbsOut_IsRefused() => Refuses("../outside/secret");

    [Test]
    public void Open_FolderNextDoorWithTheSameBeginning_IsRefused()
    {
        Directory.CreateDirectory(Path.Combine(_root, "state-2"));
        File.WriteAllText(Path.Combine(_root, "state-2", "secret"), "secret");
        Refuses("../state-2/secret");
    }

    [Test]
    public void Open_LinkThatAStageLeft_IsRefused()
    {
        File.CreateSymbolicLink(Path.Combine(_root, "state", "runs", "stdout.log"), Path.Combine(_root, "outside", "secret"));
        Refuses("runs/stdout.log");
    }

    [Test]
    public void Open_FileBehindALinkedFolder_IsRefused()
    {
        Directory.CreateSymbolicLink(Path.Combine(_root, "state", "runs", "rollouts"), Path.Combine(_root, "outside"));
        Refuses("runs/rollouts/secret");
    }

    [Test]
    public void Open_FileBelowTheStateFolder_IsOpened()
    {
        File.WriteAllText(Path.Combine(_root, "state", "runs", "stdout.log"), "hello");
        using var file = _files.Open(Path.Combine(_root, "state", "runs", "stdout.log"));
        Assert.That(new StreamReader(file!).ReadToEnd(), Is.EqualTo("hello"));
    }

    [Test]
    public void Open_NothingThere_IsNull() => Assert.That(_files.Open(Path.Combine(_root, "state", "runs", "none")), Is.Null);

    private void Refuses(string path)
    {
        var refusal = Assert.Throws<ServerException>(() => _files.Open(Path.Combine(_root, "state", path)))!;
        Assert.That(refusal.Code, Is.EqualTo(ServerErrors.LinkRefused));
    }
}
