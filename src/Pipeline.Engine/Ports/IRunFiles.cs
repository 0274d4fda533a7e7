using Pipeline.Engine.Checkpoints;
using Pipeline.Protocol.Jobs;

namespace Pipeline.Engine.Ports;

/// <summary>What the engine reads and writes on disk beside the journal: the folders of attempts, and artifacts.</summary>
public interface IRunFiles
{
    /// <summary>Makes the attempt's folder with its job file, whole and on disk. May be repeated.</summary>
    /// <exception cref="IOException">The disk is full or the folder cannot be written.</exception>
    void Prepare(AttemptFolder folder, JobFile job);

    /// <summary>Free bytes of the disk that the attempt's folder is on, or will be on.</summary>
    long FreeBytes(AttemptFolder folder);

    /// <summary>Bytes that a checkpoint takes.</summary>
    long SizeOf(string checkpoint);

    /// <summary>The complete lines of <c>events.jsonl</c> that begin at byte <paramref name="offset"/> or later.</summary>
    IReadOnlyList<StageEventLine> Events(AttemptFolder folder, long offset);

    /// <summary>The newest heartbeat and when it was written; null if there is none, or it cannot be read just now.</summary>
    HeartbeatSeen? Heartbeat(AttemptFolder folder);

    /// <summary>What the attempt made; null if there is no such file, or it is not of this protocol.</summary>
    ResultFile? Result(AttemptFolder folder);

    /// <summary>Content hash of the artifact at <paramref name="path"/>; null if there is nothing.</summary>
    string? Digest(string path);

    /// <summary>The complete checkpoints of an attempt, in no order.</summary>
    IReadOnlyList<CheckpointFolder> Checkpoints(AttemptFolder folder);

    /// <summary>Values of a metric by step, as the attempt logged it.</summary>
    IReadOnlyDictionary<long, double> Metric(AttemptFolder folder, string name);

    /// <summary>What is wrong with a checkpoint, for a person; null if every file is as its manifest says.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="fingerprint">The fingerprint it must have been made under.</param>
    string? Damage(CheckpointFolder checkpoint, string fingerprint);

    /// <summary>Deletes a checkpoint, renamed first, so that half of one is never taken for whole.</summary>
    void Delete(CheckpointFolder checkpoint);
}

/// <summary>A line of <c>events.jsonl</c>.</summary>
/// <param name="Event">What it says; null if it is not an event.</param>
/// <param name="End">Byte offset of the line's end.</param>
public sealed record StageEventLine(StageEvent? Event, long End);

/// <summary>A heartbeat as found on disk.</summary>
/// <param name="Heartbeat">How far the stage is.</param>
/// <param name="Written">Modification time of the file, by the clock of the machine that wrote it.</param>
public sealed record HeartbeatSeen(Heartbeat Heartbeat, DateTimeOffset Written);
