using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pipeline.Rewards.Tests.External;

/// <summary>A real HTTP server on this machine that answers each body with a status and a body.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _serving;

    public TestService(Func<string, (int Status, string Body)> answer)
        : this((_, body) => answer(body))
    {
    }

    public TestService(Func<HttpListenerRequest, string, (int Status, string Body)> answer)
    {
        Url = $"http://127.0.0.1:{FreePort()}/score";
        _listener.Prefixes.Add(Url[..^"score".Length]);
        _listener.Start();
        _serving = Task.Run(async () =>
        {
            while (true)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
                _ = Task.Run(() => Answer(context, answer));
            }
        });
    }

    public string Url { get; }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private static void Answer(HttpListenerContext context, Func<HttpListenerRequest, string, (int Status, string Body)> answer)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var (status, body) = answer(context.Request, reader.ReadToEnd());
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            context.Response.Close(Encoding.UTF8.GetBytes(body), willBlock: true);
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException or IOException)
        {
            // The client left, as it should in some tests.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
