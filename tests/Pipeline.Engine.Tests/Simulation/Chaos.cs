namespace Pipeline.Engine.Tests.Simulation;

/// <summary>Where a simulation's misfortunes come from: one seed, drawn from in the order of events.</summary>
internal sealed class Chaos(int seed)
{
    public Random Random { get; } = new(seed);

    /// <summary>While false nothing goes wrong any more, so that every story comes to its end.</summary>
    public bool Rages { get; set; } = true;

    public bool Hits(double probability) => Random.NextDouble() < probability && Rages;

    public TimeSpan Seconds(double from, double to) => TimeSpan.FromSeconds(from + (Random.NextDouble() * (to - from)));
}
