namespace Pipeline.Rewards.Mathematics;

/// <summary>Mathematics that cannot be gone on with; caught where an answer is read or compared, never seen outside.</summary>
/// <param name="reason">What became of it.</param>
internal sealed class MathFailure(MathFailureReason reason) : Exception(reason.ToString())
{
    public MathFailureReason Reason { get; } = reason;
}

/// <summary>Why mathematics could not be gone on with.</summary>
internal enum MathFailureReason
{
    /// <summary>The text is not understood as mathematics; it may still be words.</summary>
    Syntax,

    /// <summary>It is understood and has no value: a zero denominator. Nobody's answer.</summary>
    Undefined,

    /// <summary>It costs more than one comparison may.</summary>
    Budget,
}
