using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Pipeline.Protocol.Options;

namespace Pipeline.Rewards.External;

/// <summary>
/// Scores by a service: <c>POST {"rows": [{"prompt", "completion", "ground_truth", …}]}</c>, answered by
/// <c>{"scores": [0.5, null, …]}</c>, null for no opinion.
/// </summary>
/// <param name="name">The reward's name.</param>
/// <param name="options">Where, how much at once, limits.</param>
public sealed class HttpReward(string name, HttpTerm options) : IReward, IAsyncDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds) };
    private readonly SemaphoreSlim _slots = new(options.Concurrency);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    /// <exception cref="RewardException">The service cannot be reached, refuses, or answers with something else than scores.</exception>
    public async ValueTask<IReadOnlyList<RewardScore>> ScoreAsync(IReadOnlyList<RewardInput> inputs, CancellationToken cancellation) =>
        [.. (await Task.WhenAll(inputs.Chunk(options.BatchSize).Select(batch => ScoreBatchAsync(batch, cancellation)))).SelectMany(scores => scores)];

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        _slots.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<IReadOnlyList<RewardScore>> ScoreBatchAsync(RewardInput[] batch, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            var answer = await PostAsync($$"""{"rows":[{{string.Join(',', batch.Select(RowJson.Of))}}]}""", cancellation);
            return answer is null ? [.. batch.Select(_ => RewardScore.TimedOut)] : Read(answer, batch.Length);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <returns>The body; null if it took too long.</returns>
    private async Task<string?> PostAsync(string body, CancellationToken cancellation)
    {
        for (var (tries, pause) = (0, s_firstPause); ; tries++, pause *= 2)
        {
            string trouble;
            try
            {
                using var content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
                using var response = await _client.PostAsync(options.Url, content, cancellation);
                var answer = await response.Content.ReadAsStringAsync(cancellation);
                if (response.IsSuccessStatusCode) return answer;
                trouble = $"it answers {(int)response.StatusCode}: {Start(answer)}";
                if (response.StatusCode < HttpStatusCode.InternalServerError && response.StatusCode != HttpStatusCode.TooManyRequests)
                    throw Failed(RewardException.Refused, trouble);
            }
            catch (HttpRequestException error)
            {
                trouble = error.Message;
            }
            catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return null;
            }
            if (tries == options.Retries) throw Failed(RewardException.Endpoint, $"after {tries + 1} tries, {trouble}");
            await Task.Delay(pause, cancellation);
        }
    }

    private List<RewardScore> Read(string answer, int count)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var scores = document.RootElement.GetProperty("scores").EnumerateArray().Select(RowJson.Score).OfType<RewardScore>().ToList();
            if (scores.Count == count) return scores;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // Told below, with what came.
        }
        throw Failed(RewardException.Refused, $"it should answer {{\"scores\": […]}} with {count} numbers or nulls, and answers {Start(answer)}");
    }

    private RewardException Failed(string code, string trouble) => new(code, $"The reward '{name}' at {options.Url} cannot be used: {trouble}.");

    private static string Start(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
