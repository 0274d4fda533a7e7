using System.Text.Json.Nodes;

namespace Pipeline.Protocol.Jobs;

/// <summary>One line of <c>events.jsonl</c>.</summary>
/// <param name="Time">When it happened, UTC.</param>
/// <param name="Step">The optimizer step at which it happened.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Code">Stable name, such as <c>ENTROPY_COLLAPSE</c>.</param>
/// <param name="Message">One sentence for a person.</param>
/// <param name="Data">Further facts; a checkpoint has its <c>path</c> here.</param>
public sealed record StageEvent(
    DateTimeOffset Time, long Step, StageEventKind Kind, string Code, string Message, JsonObject? Data = null);

/// <summary>What a <see cref="StageEvent"/> tells.</summary>
public enum StageEventKind
{
    /// <summary>Training looks unhealthy; shown to people and sent to <c>notify</c>.</summary>
    Alarm,

    /// <summary>Worth knowing; does not reach the journal.</summary>
    Warning,

    /// <summary>A checkpoint was written and verified; an attempt may go on from it.</summary>
    Checkpoint,

    /// <summary>The stage ends early because it was asked to or because a <c>stop_when</c> holds.</summary>
    Stopped,
}

/// <summary><c>heartbeat</c>: how far the stage is. Replaced at least every five seconds by a timer thread.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Total">Steps in all; 0 while unknown.</param>
/// <param name="Phase">What it does now: <c>loading</c>, <c>training</c>, <c>sampling</c>, <c>evaluating</c>, <c>saving</c>.</param>
/// <param name="EtaSeconds">Estimated time left; null while unknown.</param>
public sealed record Heartbeat(long Step, long Total, string Phase, double? EtaSeconds = null);
