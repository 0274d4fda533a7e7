using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;
using Serilog;

namespace Pipeline.Stages.Hosting;

/// <summary><c>events.jsonl</c>: what a person or the engine should know of, one <see cref="StageEvent"/> a line. Each is logged too.</summary>
public sealed class StageEvents : IDisposable
{
    private readonly FileStream _file;
    private readonly TimeProvider _clock;
    private readonly List<string> _warnings = [];

    /// <param name="path">The file; one from a former start of the same attempt is replaced.</param>
    /// <param name="clock">When it happened.</param>
    public StageEvents(string path, TimeProvider clock)
    {
        _clock = clock;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    /// <summary>Every warning so far, for <c>result.json</c>.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Training looks unhealthy; it goes on.</summary>
    public void Alarm(long step, string code, string message, JsonObject? data = null)
    {
        Log.Warning("step {Step}: {Code:l}: {Message:l}", step, code, message);
        Write(step, StageEventKind.Alarm, code, message, data);
    }

    /// <summary>Worth knowing, and repeated in the result.</summary>
    public void Warn(long step, string code, string message, JsonObject? data = null)
    {
        Log.Warning("{Code:l}: {Message:l}", code, message);
        _warnings.Add($"{code}: {message}");
        Write(step, StageEventKind.Warning, code, message, data);
    }

    /// <summary>A checkpoint was written and verified.</summary>
    public void Checkpoint(long step, string path)
    {
        Log.Debug("Checkpoint of step {Step} in {Path:l}", step, path);
        Write(step, StageEventKind.Checkpoint, "CHECKPOINT", $"Step {step} was saved.", new JsonObject { ["path"] = path });
    }

    /// <summary>The stage ends early because it was asked to, or because a <c>stop_when</c> holds.</summary>
    public void Stopped(long step, string message, string code = "STOPPED")
    {
        Log.Information("{Message:l}", message);
        Write(step, StageEventKind.Stopped, code, message, null);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(long step, StageEventKind kind, string code, string message, JsonObject? data)
    {
        var line = new StageEvent(_clock.GetUtcNow(), step, kind, code, message, data);
        CrashPoint.Before("event");
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, ProtocolJson.Line), (byte)'\n']);
        CrashPoint.After("event");
    }
}
