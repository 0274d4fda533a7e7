using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Pipeline.Engine.Runs;
using Pipeline.Spec.Expressions;

namespace Pipeline.Engine.Notifying;

/// <summary>
/// Posts notices as JSON. With a <c>secret</c> in the pipeline file the receiver can tell that it was us, and when:
/// <c>Pipeline-Signature: v1=HEX</c> is the HMAC-SHA256 of <c>TIMESTAMP.BODY</c>, where TIMESTAMP is the header
/// <c>Pipeline-Timestamp</c>, in seconds since 1970. <c>Idempotency-Key</c> is the same for every try of a notice.
/// </summary>
/// <remarks>
/// Addresses often are secrets themselves, so no message here holds one. Redirections are not followed: what is signed for
/// one receiver is not carried to another.
/// </remarks>
public sealed class Webhook : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly Func<string, string?> _secrets;
    private readonly TimeProvider _time;

    /// <param name="secrets">The value of a secret by its name; null if there is none.</param>
    /// <param name="time">The clock of the timestamps.</param>
    /// <param name="patience">How long an answer is waited for. Default 10 s.</param>
    public Webhook(Func<string, string?> secrets, TimeProvider time, TimeSpan? patience = null)
    {
        (_secrets, _time) = (secrets, time);
        // A connection that is used again and found cut would be tried again behind our back.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero })
        {
            Timeout = patience ?? Patience,
        };
    }

    /// <summary>Sends a notice once.</summary>
    /// <param name="run">The run it is about.</param>
    /// <param name="notice">The notice.</param>
    /// <param name="abort">Ends the waiting; then it is unknown whether it arrived.</param>
    /// <exception cref="OperationCanceledException">It was aborted.</exception>
    public async Task<WebhookAnswer> Post(RunState run, Notice notice, CancellationToken abort)
    {
        try
        {
            using var request = Request(run, notice);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, abort);
            return Read(response);
        }
        catch (KeyNotFoundException missing) { return new(missing.Message); }
        catch (Exception address) when (address is UriFormatException or NotSupportedException or InvalidOperationException or FormatException)
        {
            return new("Its 'webhook' is no http or https address.", IsFinal: true);
        }
        catch (HttpRequestException error) { return new($"The receiver cannot be reached ({error.HttpRequestError})."); }
        catch (OperationCanceledException) when (!abort.IsCancellationRequested)
        {
            return new(string.Create(CultureInfo.InvariantCulture, $"The receiver did not answer within {_http.Timeout.TotalSeconds:0.#} s."));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(RunState run, Notice notice)
    {
        var body = NoticeBody.Of(run, notice);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Filled(notice.Target.Webhook)))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } },
        };
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        request.Headers.Add("Idempotency-Key", notice.Id);
        request.Headers.Add("Pipeline-Timestamp", timestamp);
        if (notice.Target.Secret is { } secret) request.Headers.Add("Pipeline-Signature", Signature(Filled(secret), timestamp, body));
        return request;
    }

    private static string Signature(string secret, string timestamp, byte[] body) =>
        "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.ASCII.GetBytes(timestamp + "."), .. body]));

    private string Filled(string text) => LateText.Fill(text, reference =>
    {
        var name = reference["secrets.".Length..]; // the Spec lets no other root through
        return _secrets(name) is { Length: > 0 } value ? value : throw new KeyNotFoundException(
            $"The environment variable {name} is not set where the engine runs. Set it there and resume, or start the engine anew.");
    });

    private WebhookAnswer Read(HttpResponseMessage response)
    {
        var code = (int)response.StatusCode;
        if (response.IsSuccessStatusCode) return WebhookAnswer.Taken;
        if (code is >= 300 and < 400)
            return new($"The receiver answered {code}: it has moved. Write its new address into the pipeline file; redirections are not followed.", IsFinal: true);
        var wait = response.Headers.RetryAfter is { } asked ? asked.Delta ?? asked.Date - _time.GetUtcNow() : null;
        // What the receiver has against this very request will be against the next as well.
        var passes = code >= 500 || response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or (HttpStatusCode)425;
        return new($"The receiver answered {code}.", IsFinal: !passes, wait);
    }
}
