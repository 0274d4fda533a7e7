using System.Text;
using Pipeline.Datasets;

namespace Pipeline.Stages.Hosting;

/// <summary>
/// Seeds for the parts of a stage, each a hash of the job's seed, what it is for and the step: so that no part's random
/// numbers depend on how many another has drawn, and a resumed step draws what it would have drawn.
/// </summary>
public static class Seeds
{
    /// <summary>The seed of one purpose at one step.</summary>
    /// <param name="seed">The job's.</param>
    /// <param name="purpose">Such as <c>rollout</c>; equal names share their random numbers.</param>
    /// <param name="step">The step it is used in; 0 where there is none.</param>
    public static ulong Of(ulong seed, string purpose, long step = 0)
    {
        var hash = StableHash.Mix(seed);
        foreach (var letter in Encoding.UTF8.GetBytes(purpose)) hash = StableHash.Mix(hash ^ letter);
        return StableHash.Mix(hash ^ (ulong)step);
    }
}
