namespace Pipeline.Training.Sampling.Cpu;

/// <summary>Where a sequence's keys and values lie.</summary>
internal sealed class CachedSequence
{
    /// <summary>Block i holds the positions from 16 i.</summary>
    public List<CacheBlock> Blocks { get; } = [];

    /// <summary>Positions it has.</summary>
    public int Length { get; set; }
}
