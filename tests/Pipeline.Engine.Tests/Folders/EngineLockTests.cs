using Microsoft.Extensions.Time.Testing;
using Pipeline.Engine.Folders;

namespace Pipeline.Engine.Tests.Folders;

/// <summary>Two engines at one state folder. A clock that stands still is a process that was stopped.</summary>
public class EngineLockTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _sleepers = new();
    private readonly FakeTimeProvider _waiters = new();
    private TemporaryFolder _folder = null!;
    private StateFolder _state = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _state = StateFolder.Open(_folder.Path);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    [Test]
    public void Holder_ThatIsHeardOf_IsNeverTooSilent()
    {
        using var held = EngineLock.TryTake(_state, _sleepers)!;
        var silence = new EngineSilence(_state, _waiters);
        for (var i = 0; i < 100; i++)
        {
            _sleepers.Advance(Second);
            _waiters.Advance(Second);
            Assert.That(silence.IsTooLong, Is.False, $"after {i} s");
        }
    }

    [Test]
    public void Holder_ThatIsSilentForFourSeconds_CanBeReplaced_AndLearnsItWhenItWakes()
    {
        using var sleeper = EngineLock.TryTake(_state, _sleepers)!;
        var silence = new EngineSilence(_state, _waiters);
        Assert.That(silence.IsTooLong, Is.False, "the first look only begins to count");
        _waiters.Advance(4 * Second);
        Assert.That(silence.IsTooLong, Is.False);
        _waiters.Advance(Second);
        Assert.That(silence.IsTooLong, Is.True);

        var successor = EngineLock.TakeOver(_state, _waiters)!;
        Assert.That(EngineLock.TryTake(_state), Is.Null, "the new lock counts");
        Assert.That(sleeper.IsHeld, Is.True, "its clock stands still, and so does it");
        successor.Dispose();
        using var third = EngineLock.TryTake(_state);
        Assert.That(third, Is.Not.Null, "the old lock does not count, though its holder lives");
    }

    [Test]
    public void Sleeper_WokenAfterItWasReplaced_StartsNothing()
    {
        using var sleeper = EngineLock.TryTake(_state, _sleepers)!;
        using var successor = EngineLock.TakeOver(_state, _waiters)!;
        Identify(pid: 1); // both are this process, so the record is made to name another

        _sleepers.Advance(3 * Second);
        Assert.That(sleeper.IsHeld, Is.False);
        Assert.That(sleeper.Lost.IsCancellationRequested, Is.True);
        var error = Assert.Throws<EngineException>(() => new LockedExecutor(null!, sleeper).Poll([], CancellationToken.None))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.EngineReplaced));
    }

    [Test]
    public void StateFolder_Deleted_IsNoPlaceToWorkIn()
    {
        using var held = EngineLock.TryTake(_state, _sleepers)!;
        Directory.Delete(_folder.Path, recursive: true);
        _sleepers.Advance(Second);
        Assert.That(held.Lost.IsCancellationRequested, Is.True, "else an engine would work on for ever");
        Directory.CreateDirectory(_folder.Path); // as whoever tidies up expects
    }

    private void Identify(int pid)
    {
        var path = _folder.Of("engine.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace($"\"pid\":{Environment.ProcessId}", $"\"pid\":{pid}", StringComparison.Ordinal));
    }
}
