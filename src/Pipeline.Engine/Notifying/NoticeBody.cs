using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Engine.Runs;
using Pipeline.Protocol;

namespace Pipeline.Engine.Notifying;

/// <summary>What a webhook is sent. The same bytes for every try; <c>text</c> is what chat programs show.</summary>
internal static class NoticeBody
{
    /// <summary>One JSON object as UTF-8.</summary>
    public static byte[] Of(RunState run, Notice notice)
    {
        var about = notice.About;
        var body = new JsonObject
        {
            ["id"] = notice.Id,
            ["event"] = Notice.Word(about),
            ["run"] = run.Run,
            ["pipeline"] = run.Pipeline.Name,
            ["time"] = JsonSerializer.SerializeToNode(about.Time, ProtocolJson.Line),
            ["text"] = Text(run, about),
        };
        if (about is StageFact stage) body["stage"] = stage.Instance;
        if (about is AlarmRaised alarm)
        {
            body["code"] = alarm.Code;
            body["step"] = alarm.Step;
        }
        return JsonSerializer.SerializeToUtf8Bytes(body, ProtocolJson.Line);
    }

    private static string Text(RunState run, JournalEvent about)
    {
        var name = $"Run {run.Run} of {run.Pipeline.Name}";
        return about switch
        {
            RunSucceeded => $"{name} succeeded.",
            RunFailed failed => $"{name} failed at {string.Join(", ", failed.Failed)}.",
            RunCancelled => $"{name} was cancelled.",
            ApprovalRequested asked => $"{name}: {asked.Instance} waits for approval. {asked.Message} `pipeline approve {run.Run} {asked.Instance}` answers.",
            AlarmRaised alarm => $"{name}: {alarm.Instance} raises {alarm.Code} at step {alarm.Step}. {alarm.Message}",
            _ => throw new InvalidOperationException($"{about.GetType().Name} is told to nobody."),
        };
    }
}
