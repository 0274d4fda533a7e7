using System.Net;
using System.Net.Http.Headers;

namespace Pipeline.Hub;

/// <summary>How long to wait after a failure: what the server asks for, else twice as long each time.</summary>
/// <param name="clock">What a date of the server's is compared with.</param>
/// <param name="wait">Waits; tests look on instead.</param>
internal sealed class Patience(TimeProvider clock, Func<TimeSpan, CancellationToken, Task> wait)
{
    private const int TriesWithoutProgress = 8; // with the waits below about two minutes
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_longestAskedFor = TimeSpan.FromMinutes(15);
    private int _failures;

    /// <summary>Something came: what failed before is forgotten.</summary>
    public void Progressed() => _failures = 0;

    /// <summary>Waits before another try.</summary>
    /// <param name="what">What failed, for the message.</param>
    /// <param name="asked">The server's Retry-After, if it gave one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="HubException">It failed too often, or the server asks for too long.</exception>
    public async Task AfterFailure(string what, RetryConditionHeaderValue? asked, CancellationToken cancellation)
    {
        _failures++;
        var ours = TimeSpan.FromSeconds(Math.Pow(2, _failures - 1));
        var delay = asked?.Delta ?? (asked?.Date - clock.GetUtcNow()) ?? (ours < s_longest ? ours : s_longest);
        if (_failures >= TriesWithoutProgress || delay > s_longestAskedFor)
            throw new HubException(HubErrors.Unreachable, $"{what} This was try {_failures}. What has come is kept: run it again to go on from there.");
        await wait(delay < TimeSpan.Zero ? TimeSpan.Zero : delay, cancellation);
    }

    /// <summary>Whether an answer of that status may be another one later.</summary>
    public static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;
}
