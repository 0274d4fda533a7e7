using System.Net;
using System.Threading.RateLimiting;

namespace Pipeline.Server.Access;

/// <summary>Slows who tries tokens: after ten wrong ones an address is not listened to for the rest of the minute.</summary>
internal sealed class GuessLimit : IDisposable
{
    /// <summary>Wrong tokens a minute.</summary>
    public const int WrongTokens = 10;

    /// <summary>How long an address waits at most.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<IPAddress> _wrong = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address =>
        RateLimitPartition.GetFixedWindowLimiter(address, _ => new FixedWindowRateLimiterOptions { PermitLimit = WrongTokens, Window = Pause }));

    /// <summary>Whether the address may try another token now.</summary>
    public bool Listens(IPAddress address)
    {
        using var lease = _wrong.AttemptAcquire(address, permitCount: 0);
        return lease.IsAcquired;
    }

    /// <summary>Takes note of a wrong token.</summary>
    public void Wrong(IPAddress address) => _wrong.AttemptAcquire(address).Dispose();

    /// <inheritdoc/>
    public void Dispose() => _wrong.Dispose();
}
