using System.Text.Json.Serialization;
using Pipeline.Engine.Runs;
using Pipeline.Protocol.Jobs;
using static Pipeline.Engine.Tests.Pipelines;

namespace Pipeline.Engine.Tests.Runs;

public class JournalJsonTests
{
    [Test]
    public void Event_WrittenAndRead_IsTheSame()
    {
        var journal = Of(Stage("a"), Stage("b", "a"));
        JournalEvent[] events =
        [
            new RunSubmitted { Pipeline = journal.State.Pipeline, Program = journal.State.Program },
            Journal.About(new AttemptFailed { Class = FailureClass.NodeFailure, Message = "Killed by signal 9.", Retry = true }, "a", 1),
            new RunFailed { Failed = ["a"] },
        ];
        foreach (var fact in events)
        {
            var text = JournalJson.Write(fact with { Run = Run, Sequence = 7, Time = Noon });
            Assert.That(text, Does.StartWith($$"""{"type":"{{fact.GetType().Name}}","run":"run","sequence":7,"""));
            Assert.That(JournalJson.Write(JournalJson.Read(text)), Is.EqualTo(text));
        }
    }

    [Test]
    public void EventKinds_AreThoseOfTheProtocol()
    {
        const string protocol =
            "RunSubmitted, RunCancelRequested, RunResumed, RunPinned, StageCached, StageSkipped, AttemptIntended, AttemptStarted, AttemptAttached, " +
            "CheckpointRecorded, AlarmRaised, AttemptSucceeded, AttemptFailed, RetryScheduled, GateEvaluated, ApprovalRequested, " +
            "ApprovalGiven, NotificationSent, NotificationFailed, RunSucceeded, RunFailed, RunCancelled";
        var kinds = typeof(JournalEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false)
            .Cast<JsonDerivedTypeAttribute>().Select(kind => (string)kind.TypeDiscriminator!);
        Assert.That(kinds, Is.EqualTo(protocol.Split(", ")));
    }

    [TestCase("""{"type":"StageTeleported","run":"r","sequence":2,"time":"2025-01-01T00:00:00+00:00"}""", TestName = "UnknownKind")]
    [TestCase("""{"type":"RunSucceeded","run":"r","sequence":2,"time":"2025-01-01T00:00:00+00:00","applause":true}""", TestName = "UnknownField")]
    [TestCase("""{"type":"RunFailed","run":"r","sequence":2,"time":"2025-01-01T00:00:00+00:00"}""", TestName = "MissingField")]
    public void EventOfANewerVersion_IsRefused(string json)
    {
        var error = Assert.Throws<EngineException>(() => JournalJson.Read(json))!;
        Assert.That(error.Code, Is.EqualTo(EngineErrors.JournalNewer));
        Assert.That(error.Message, Does.Contain("newer version").And.Contain(json));
    }

    [Test]
    public void TextThatIsNoEvent_IsDamage() => Assert.That(
        Assert.Throws<EngineException>(() => JournalJson.Read("{\"type\":\"RunSucc"))!.Code, Is.EqualTo(EngineErrors.JournalDamaged));
}
