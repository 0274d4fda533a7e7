using System.Diagnostics;
using System.Numerics;

namespace Pipeline.Rewards.Mathematics;

/// <summary>
/// What one comparison may cost. Steps are counted, so that the same pair has the same outcome on any machine; the clock only
/// stands behind them, for what a step turns out to cost on a machine that hardly runs.
/// </summary>
/// <param name="steps">How many there are.</param>
internal sealed class Budget(int steps = Budget.StepsPerComparison)
{
    /// <summary>About 35 ms on a core of 2026, measured on sums to high powers.</summary>
    public const int StepsPerComparison = 100_000;

    /// <summary>Integers of more bits are not made: what a power tower asks for would fill the memory within one step.</summary>
    public const int MaxBits = 8_192;

    private const int StepsPerLookAtClock = 4_096;

    private static readonly TimeSpan s_backstop = TimeSpan.FromSeconds(10);

    private readonly long _start = Stopwatch.GetTimestamp();
    private int _nextLook = StepsPerLookAtClock;

    /// <summary>Steps used up.</summary>
    public int Spent { get; private set; }

    /// <exception cref="MathFailure">More than there is.</exception>
    public void Spend(int count = 1)
    {
        Spent += Math.Min(count, steps + 1 - Spent);
        if (Spent > steps) throw new MathFailure(MathFailureReason.Budget);
        if (Spent < _nextLook) return;
        _nextLook = Spent + StepsPerLookAtClock;
        if (Stopwatch.GetElapsedTime(_start) > s_backstop) throw new MathFailure(MathFailureReason.Budget);
    }

    /// <summary>Spends as much as arithmetic with an integer of that size costs.</summary>
    public void Spend(BigInteger size)
    {
        var bits = size.GetBitLength();
        if (bits > MaxBits) throw new MathFailure(MathFailureReason.Budget);
        Spend(1 + (int)(bits / 256));
    }
}
