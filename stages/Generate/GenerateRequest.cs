using Pipeline.Protocol.Options;

namespace Pipeline.Stages.Generate;

/// <summary>What a model is to write, and how.</summary>
/// <param name="Model">Its folder.</param>
/// <param name="Sampling">How completions are sampled.</param>
public sealed record GenerateRequest(string Model, SamplingOptions Sampling)
{
    /// <summary>Whether a text is a user's turn, written by the chat template. Default false: it is gone on with as it is.</summary>
    public bool Chat { get; init; }

    /// <summary>Completions a prompt. Default 1.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Of the random numbers.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Threads. Default all.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the model lives. Default the CPU.</summary>
    public string Device { get; init; } = "cpu";
}
