using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Pipeline.Endpoints.Tests;

/// <summary>A real HTTP server in this process that speaks OpenAI's chat API as far as the client needs it.</summary>
internal sealed class ChatServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<JsonObject> _requests = [];
    private readonly List<string> _keys = [];
    private int _underWay;

    /// <param name="answer">The answer's text to the request of that number; one that throws <see cref="BadHttpRequestException"/> fails with its status.</param>
    public ChatServer(Func<JsonObject, int, Task<string>> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPost("/v1/chat/completions", context => Respond(context, answer));
        _app.StartAsync().GetAwaiter().GetResult();
    }

    public string Url => _app.Urls.Single() + "/v1";

    /// <summary>The bodies received, those that failed included.</summary>
    public IReadOnlyList<JsonObject> Requests { get { lock (_lock) return [.. _requests]; } }

    /// <summary>Their Authorization headers.</summary>
    public IReadOnlyList<string> Keys { get { lock (_lock) return [.. _keys]; } }

    /// <summary>Requests under way at once, at most.</summary>
    public int Busiest { get; private set; }

    /// <summary>Beside the answer's text, in every answer.</summary>
    public JsonObject Extra { get; } = [];

    public string FinishReason { get; set; } = "stop";

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Respond(HttpContext context, Func<JsonObject, int, Task<string>> answer)
    {
        var request = (await JsonNode.ParseAsync(context.Request.Body))!.AsObject();
        int number;
        lock (_lock)
        {
            number = _requests.Count;
            _requests.Add(request);
            _keys.Add(context.Request.Headers.Authorization.ToString());
            Busiest = Math.Max(Busiest, ++_underWay);
        }
        try
        {
            var message = new JsonObject { ["role"] = "assistant", ["content"] = await answer(request, number) };
            foreach (var (name, value) in Extra) message[name] = value!.DeepClone();
            await context.Response.WriteAsJsonAsync(new JsonObject
            {
                ["id"] = $"chatcmpl-{number}", ["object"] = "chat.completion", ["created"] = 1, ["model"] = request["model"]!.DeepClone(),
                ["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = FinishReason }),
                ["usage"] = new JsonObject { ["prompt_tokens"] = 5, ["completion_tokens"] = 7, ["total_tokens"] = 12 },
            });
        }
        catch (BadHttpRequestException error)
        {
            context.Response.StatusCode = error.StatusCode;
            await context.Response.WriteAsJsonAsync(new JsonObject { ["error"] = new JsonObject { ["message"] = error.Message } });
        }
        finally
        {
            lock (_lock) _underWay--;
        }
    }
}
