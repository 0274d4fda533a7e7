using System.Text.Json;
using Pipeline.Engine.Folders;
using Pipeline.Protocol;
using Pipeline.Server.Runs;

namespace Pipeline.Server.Tests.Runs;

public class EngineWatchTests
{
    private StateFolder _state = null!;

    [SetUp]
    public void MakeFolder() => _state = StateFolder.Open(Path.Combine(Path.GetTempPath(), $"pipeline-engine-{Guid.NewGuid():N}"));

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_state.Path, recursive: true);

    [Test]
    public void IsAtWork_NoEngineEver_CannotBeTold() => Assert.That(EngineWatch.IsAtWork(_state), Is.Null);

    [Test]
    public void IsAtWork_AnEngineOfThisProcess_Is()
    {
        using var held = EngineLock.TryTake(_state);
        Assert.That(EngineWatch.IsAtWork(_state), Is.True);
    }

    [Test]
    public void IsAtWork_ProcessIdUsedAgain_IsNot()
    {
        using (EngineLock.TryTake(_state)) { }
        var engine = EngineLock.Holder(_state)! with { Started = DateTimeOffset.UtcNow.AddDays(-1) };
        File.WriteAllText(Path.Combine(_state.Path, "engine.json"), JsonSerializer.Serialize(engine, ProtocolJson.Line));
        Assert.That(EngineWatch.IsAtWork(_state), Is.False);
    }
}
