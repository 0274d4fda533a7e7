using System.Text.Json;
using System.Text.Json.Serialization;
using Pipeline.Protocol;
using Pipeline.Protocol.Jobs;

namespace Pipeline.FakeStage;

/// <summary>What a test wants the stage to do; the <c>with:</c> of a <c>uses: command</c> stage.</summary>
public sealed record FakeOptions
{
    /// <summary>Steps in all.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>Milliseconds a step takes.</summary>
    public int StepMs { get; init; }

    /// <summary>Steps between checkpoints; 0 for none but the one at SIGTERM.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Reaching this step, exits with <see cref="ExitCode"/>.</summary>
    public int? FailAt { get; init; }

    /// <summary>The exit code of <see cref="FailAt"/>.</summary>
    public int ExitCode { get; init; } = 1;

    /// <summary>Reaching this step, sends itself <see cref="Signal"/>.</summary>
    public int? SignalAt { get; init; }

    /// <summary>The signal of <see cref="SignalAt"/>.</summary>
    public int Signal { get; init; } = 9;

    /// <summary>Only attempts up to this number fail, crash or hang.</summary>
    public int BadAttempts { get; init; } = int.MaxValue;

    /// <summary>Reaching this step, stops working, and its heartbeat with it.</summary>
    public int? HangAt { get; init; }

    /// <summary>Reaching this step, waits until the file <see cref="HoldUntil"/> exists; the heart goes on beating.</summary>
    public int? HoldAt { get; init; }

    /// <summary>Absolute path of the file that ends <see cref="HoldAt"/> and <see cref="HoldCheckpoints"/>.</summary>
    public string? HoldUntil { get; init; }

    /// <summary>Waits in the middle of each checkpoint until the file <see cref="HoldUntil"/> exists; SIGTERM does not hurry it.</summary>
    public bool HoldCheckpoints { get; init; }

    /// <summary>Reaching this step, raises an alarm.</summary>
    public int? AlarmAt { get; init; }

    /// <summary>Does not react to SIGTERM.</summary>
    public bool IgnoreSigterm { get; init; }

    /// <summary>Child processes to start, each of which outlives the stage and ignores SIGTERM.</summary>
    public int Children { get; init; }

    /// <summary>Memory to take at the start, in MiB.</summary>
    public int AllocateMb { get; init; }

    /// <summary>Text to print, as it is.</summary>
    public string? Print { get; init; }

    /// <summary>Text to print in lines, in MiB.</summary>
    public int PrintMb { get; init; }

    /// <summary>Text to print to the error stream, as it is.</summary>
    public string? PrintError { get; init; }

    /// <summary>Numbers for <c>result.json</c>.</summary>
    public Dictionary<string, double> Metrics { get; init; } = [];

    /// <summary>Ends with code 0 but without a <c>result.json</c>.</summary>
    public bool ForgetResult { get; init; }

    /// <summary>Fields that the other program's options have and this one does not are an error of the test.</summary>
    public static FakeOptions Of(JobFile job) => job.Options.Deserialize<FakeOptions>(Strict)!;

    private static readonly JsonSerializerOptions Strict =
        new(ProtocolJson.Line) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };
}
