using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Pipeline.Protocol;

namespace Pipeline.Cli.Places;

/// <summary>Asks a server, and turns its refusals into errors of a command: the same code, the same sentence.</summary>
internal sealed class ServerClient : IDisposable
{
    /// <summary>Code of the error that there is no answer.</summary>
    public const string Silent = "SERVER_SILENT";

    private readonly HttpClient _http;

    /// <param name="server">Its address, with a slash at the end.</param>
    /// <param name="token">Its token; null for none.</param>
    public ServerClient(Uri server, string? token)
    {
        Server = server;
        // Not redirected: a token is for the server that was named, and for no other.
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(server, "api/v1/") };
        if (token is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Its address.</summary>
    public Uri Server { get; }

    /// <summary>What it answers at a path of the API.</summary>
    public async Task<JsonElement> Get(string path) => JsonElement.Parse(await Text(path));

    /// <summary>The same as text.</summary>
    public Task<string> Text(string path) => Answer(() => _http.GetAsync(path));

    /// <summary>Asks for a change.</summary>
    public async Task<JsonElement> Post<T>(string path, T body) =>
        await Answer(() => _http.PostAsJsonAsync(path, body, ProtocolJson.Line)) is { Length: > 0 } text ? JsonElement.Parse(text) : default;

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<string> Answer(Func<Task<HttpResponseMessage>> ask)
    {
        try
        {
            using var answer = await ask();
            var text = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode ? text : throw Refusal(answer.StatusCode, text);
        }
        catch (HttpRequestException error)
        {
            throw new CliException(Silent, $"{Server} does not answer: {error.Message} Is `pipeline serve` running there?", ExitCode.Server);
        }
    }

    private CliException Refusal(HttpStatusCode status, string text)
    {
        var exitCode = status switch
        {
            HttpStatusCode.NotFound => ExitCode.NotFound,
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError => ExitCode.Server,
            _ => ExitCode.Usage,
        };
        try
        {
            var problem = JsonElement.Parse(text);
            if (problem.TryGetProperty("errors", out var mistakes)) return new("PIPELINE_INVALID", string.Join('\n', mistakes.EnumerateArray().Select(Mistake)), exitCode);
            return new(problem.GetProperty("code").GetString()!, problem.GetProperty("detail").GetString()!, exitCode);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new("SERVER_FOREIGN", $"{Server} answered {(int)status} and not as `pipeline serve` does. Is the address right?", exitCode);
        }
    }

    private static string Mistake(JsonElement mistake) =>
        $"{mistake.GetProperty("line").GetInt32()}:{mistake.GetProperty("column").GetInt32()} {mistake.GetProperty("message").GetString()}";
}
