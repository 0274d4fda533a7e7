namespace Pipeline.Training.Sampling;

/// <summary>
/// Random numbers without a state: each is a hash of where it is used. So a completion does not depend on what was
/// sampled beside or before it, and a resumed rollout repeats itself.
/// </summary>
/// <remarks>The mixing function is SplitMix64's (Steele, Lea and Flood, OOPSLA 2014).</remarks>
internal static class CounterRandom
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>A multiple of 2^-23 in [0, 1): so far below 1 that its product with a float never rounds up to that float.</summary>
    /// <param name="seed">Of the sampling.</param>
    /// <param name="row">Number of the completion.</param>
    /// <param name="position">Of the token in its completion.</param>
    public static float Uniform(ulong seed, long row, long position) =>
        (Mix(Mix(Mix(seed + GoldenGamma) + (ulong)row + GoldenGamma) + (ulong)position + GoldenGamma) >> 41) * (1f / (1 << 23));

    /// <summary>A seed for a generator of many numbers, likewise a hash of where it is used.</summary>
    public static ulong Hash(ulong seed, params ReadOnlySpan<long> places)
    {
        var hash = Mix(seed + GoldenGamma);
        foreach (var place in places) hash = Mix(hash + (ulong)place + GoldenGamma);
        return hash;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
