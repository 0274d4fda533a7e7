namespace Pipeline.Stages.Hosting;

/// <summary>Tokens and seconds of a stage over all of its attempts; what earlier ones did comes out of the checkpoint.</summary>
/// <param name="clock">Where seconds come from.</param>
public sealed class WorkDone(TimeProvider clock)
{
    private readonly long _startedAt = clock.GetTimestamp();
    private double _secondsBefore;

    /// <summary>Tokens trained on or sampled.</summary>
    public long Tokens { get; private set; }

    /// <summary>Seconds of work.</summary>
    public double Seconds => _secondsBefore + clock.GetElapsedTime(_startedAt).TotalSeconds;

    /// <summary>Counts <paramref name="tokens"/> more.</summary>
    public void Add(long tokens) => Tokens += tokens;

    /// <summary>Adds what the attempts before this one did.</summary>
    public void GoOnFrom(long tokens, double seconds) => (Tokens, _secondsBefore) = (tokens, seconds);
}
