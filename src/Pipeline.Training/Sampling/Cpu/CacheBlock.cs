namespace Pipeline.Training.Sampling.Cpu;

/// <summary>Sixteen positions of all layers.</summary>
internal sealed unsafe class CacheBlock(float* pointer)
{
    public float* Pointer { get; } = pointer;

    /// <summary>Sequences that it is part of.</summary>
    public int Users { get; set; }
}
