using System.Collections.Concurrent;
using System.Net;

namespace Pipeline.Recovery.Tests;

/// <summary>A web server of this process that answers as it was told, and keeps what it got.</summary>
internal sealed class Receiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<int> _answers;
    private readonly ConcurrentQueue<Letter> _received = new();
    private readonly Task _work;

    /// <param name="answers">The status of each answer in turn; afterwards 200.</param>
    public Receiver(params IEnumerable<int> answers)
    {
        _answers = new(answers);
        for (var tries = 0; ; tries++)
        {
            Address = $"http://127.0.0.1:{Random.Shared.Next(20_000, 60_000)}/hook";
            _listener.Prefixes.Clear();
            _listener.Prefixes.Add(Address + "/");
            try
            {
                _listener.Start();
                break;
            }
            catch (HttpListenerException) when (tries < 20) { } // the port is taken
        }
        _work = Serve();
    }

    public string Address { get; }

    /// <summary>What a 429 asks for.</summary>
    public string? RetryAfter { get; init; }

    public IReadOnlyList<Letter> Received => [.. _received];

    public void Dispose()
    {
        _listener.Abort();
        _work.Wait();
    }

    private async Task Serve()
    {
        try
        {
            while (true) await Answer(await _listener.GetContextAsync());
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException) { }
    }

    private async Task Answer(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var headers = context.Request.Headers;
        _received.Enqueue(new(headers["Idempotency-Key"], headers["Pipeline-Timestamp"], headers["Pipeline-Signature"], await reader.ReadToEndAsync()));
        if (!_answers.TryDequeue(out var status)) status = 200;
        context.Response.StatusCode = status;
        if (status is >= 300 and < 400) context.Response.RedirectLocation = Address + "/elsewhere";
        if (status == 429 && RetryAfter is not null) context.Response.Headers["Retry-After"] = RetryAfter;
        context.Response.Close();
    }
}

/// <summary>What a <see cref="Receiver"/> got.</summary>
internal sealed record Letter(string? Key, string? Timestamp, string? Signature, string Body);
