namespace Pipeline.Spec.Estimates;

/// <summary>What cannot be read from a pipeline file: the machine, its price, and what the user knows of models that are not there yet.</summary>
public sealed record EstimateSettings
{
    /// <summary>Peak of one device, in 10^12 operations a second. Default 989: an H100 SXM at dense bfloat16, by its data sheet.</summary>
    public double DeviceTflops { get; init; } = 989;

    /// <summary>Share of the peak that training reaches. Default 0.4: Llama 3 reports 38 to 43 % (arXiv:2407.21783, table 4).</summary>
    public double Utilisation { get; init; } = 0.4;

    /// <summary>Share of the peak that sampling reaches, which waits for memory. Default 0.1.</summary>
    public double SamplingUtilisation { get; init; } = 0.1;

    /// <summary>Price of one device for one hour; null: costs are not told.</summary>
    public double? PricePerGpuHour { get; init; }

    /// <summary>Tokens of a vocabulary that an earlier stage makes; null: unknown.</summary>
    public long? Vocabulary { get; init; }

    /// <summary>The model in place of one that is not there yet; null: unknown.</summary>
    public ModelSize? Model { get; init; }
}
