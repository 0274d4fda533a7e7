using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipeline.Hub.Tests;

/// <summary>A real HTTP server in this process that answers as the Hub does, and as badly as a test tells it to.</summary>
internal sealed class HubServer : IAsyncDisposable
{
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<Asked> _asked = [];

    public HubServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(Respond);
        _app.StartAsync().GetAwaiter().GetResult();
    }

    public Uri Url => new(_app.Urls.Single() + "/");

    /// <summary>Content by path; those above a thousand bytes are listed as large files, by SHA-256.</summary>
    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Changes what is listed about a file.</summary>
    public Func<string, object, object> Listed { get; set; } = (_, entry) => entry;

    /// <summary>Answers a request for a file in place of the server; false leaves it to the server. Told the number of the request for that path.</summary>
    public Func<HttpContext, string, int, Task<bool>> Misbehave { get; set; } = (_, _, _) => Task.FromResult(false);

    public IReadOnlyList<Asked> Requests { get { lock (_lock) return [.. _asked]; } }

    public IReadOnlyList<string?> RangesOf(string path) => [.. Requests.Where(asked => asked.Path.EndsWith("/" + path)).Select(asked => asked.Range)];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Sends some bytes of a body that was announced to be longer, and closes the connection.</summary>
    public static async Task Cut(HttpContext context, ReadOnlyMemory<byte> some, long announced)
    {
        context.Response.ContentLength = announced;
        await context.Response.Body.WriteAsync(some);
        await context.Response.Body.FlushAsync(); // returning now, Kestrel closes the connection; an abort would take back what is under way
    }

    private async Task Respond(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        int number;
        lock (_lock)
        {
            number = _asked.Count(asked => asked.Path == path);
            _asked.Add(new(path, context.Request.Headers.Range.FirstOrDefault(), context.Request.Headers.Authorization.FirstOrDefault()));
        }
        if (await Misbehave(context, path, number)) return;
        if (path.StartsWith("/api/")) await List(context);
        else if (Files.FirstOrDefault(file => path.EndsWith("/" + file.Key)) is { Value: { } content }) await Send(context, content);
        else context.Response.StatusCode = StatusCodes.Status404NotFound;
    }

    /// <summary>Two files a page, as the Hub sends a thousand.</summary>
    private async Task List(HttpContext context)
    {
        var from = int.Parse(context.Request.Query["cursor"].FirstOrDefault() ?? "0");
        if (from + 2 < Files.Count)
            context.Response.Headers.Link = $"<{Url}api/models/some/model/tree/{Commit}?recursive=true&cursor={from + 2}>; rel=\"next\"";
        await context.Response.WriteAsJsonAsync(new object[] { new { type = "directory", oid = "d", size = 0, path = "data" } }
            .Concat(Files.Skip(from).Take(2).Select(file => Listed(file.Key, Entry(file.Key, file.Value)))));
    }

    private static object Entry(string path, byte[] content)
    {
#pragma warning disable CA5350 // git names its objects by SHA-1
        var git = Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350
        return content.Length <= 1000
            ? new { type = "file", oid = git, size = content.Length, path }
            : new { type = "file", oid = git, size = content.Length, path, lfs = new { oid = Convert.ToHexStringLower(SHA256.HashData(content)), size = content.Length, pointerSize = 135 } };
    }

    private static async Task Send(HttpContext context, byte[] content)
    {
        var from = 0;
        if (context.Request.GetTypedHeaders().Range?.Ranges.Single().From is { } first)
        {
            from = (int)first;
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }
        context.Response.ContentLength = content.Length - from;
        await context.Response.Body.WriteAsync(content.AsMemory(from));
    }

    internal sealed record Asked(string Path, string? Range, string? Authorization);
}
