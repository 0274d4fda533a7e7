namespace Pipeline.Protocol.Options;

/// <summary>Settings shared by every stage that trains a model which is there already.</summary>
public abstract record FineTuningOptions : OptimizerOptions
{
    /// <summary>Trains a low-rank adapter in place of all weights. Default none: all weights learn, as in the paper.</summary>
    public LoraOptions? Lora { get; init; }
}
