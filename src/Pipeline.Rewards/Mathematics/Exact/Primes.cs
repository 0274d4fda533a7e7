using System.Numerics;

namespace Pipeline.Rewards.Mathematics.Exact;

/// <summary>Takes integers apart.</summary>
internal static class Primes
{
    private const int LargestDivisor = 10_000;

    /// <summary>
    /// Prime factors and how often each occurs, found by division. What remains beyond the square of the largest divisor may not
    /// be a prime, so it is opaque, and the numbers decide.
    /// </summary>
    /// <param name="value">Above 0.</param>
    /// <param name="budget">Pays for the divisions.</param>
    public static Dictionary<string, int> Of(BigInteger value, Budget budget)
    {
        var factors = new Dictionary<string, int>();
        for (var divisor = 2; divisor <= LargestDivisor && (BigInteger)divisor * divisor <= value; divisor += divisor == 2 ? 1 : 2)
        {
            if ((divisor & 15) == 3) budget.Spend(value); // eight divisions
            while ((value % divisor).IsZero)
            {
                factors[Atoms.Prime(divisor)] = factors.GetValueOrDefault(Atoms.Prime(divisor)) + 1;
                value /= divisor;
            }
        }
        if (value.IsOne) return factors;
        var isPrime = value < (BigInteger)LargestDivisor * LargestDivisor;
        factors[isPrime ? Atoms.Prime(value) : Atoms.Opaque($"{value}")] = isPrime ? factors.GetValueOrDefault(Atoms.Prime(value)) + 1 : 1;
        return factors;
    }
}
