using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using OpenAI;
using Pipeline.Protocol.Options;
using OpenAIChat = OpenAI.Chat;

namespace Pipeline.Endpoints;

/// <summary>
/// Asks a model behind an OpenAI-compatible API: retries what may pass, keeps several requests under way, and says of the
/// rest what to do about it.
/// </summary>
public sealed class ChatEndpoint : IDisposable
{
    // Servers without keys want some header all the same; the client library wants a value.
    private const string NoKey = "none";

    private readonly EndpointOptions _options;
    private readonly IChatClient _client;
    private readonly SemaphoreSlim _slots;

    /// <exception cref="EndpointException">The environment variable of the key is not set.</exception>
    public ChatEndpoint(EndpointOptions options)
    {
        _options = options;
        _slots = new SemaphoreSlim(options.Concurrency);
        var client = new OpenAIClient(new ApiKeyCredential(Key(options)), new OpenAIClientOptions
        {
            Endpoint = new Uri(options.Url),
            RetryPolicy = new ClientRetryPolicy(options.Retries),
            NetworkTimeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
        });
        _client = client.GetChatClient(options.Model).AsIChatClient();
    }

    /// <summary>Where it is and what is asked there: <c>model at url</c>.</summary>
    public string Name => $"{_options.Model} at {_options.Url}";

    /// <summary>Asks all of them, <see cref="EndpointOptions.Concurrency"/> at once.</summary>
    /// <returns>The answers, in the order of the questions.</returns>
    /// <exception cref="EndpointException">See <see cref="AskAsync"/>.</exception>
    public IReadOnlyList<ChatAnswer> AskAll(IReadOnlyList<ChatRequest> requests)
    {
        var answers = new ChatAnswer[requests.Count];
        var limit = new ParallelOptions { MaxDegreeOfParallelism = _options.Concurrency };
        // Stages are synchronous. The first failure cancels what is under way, and is the one that is thrown.
        Parallel.ForAsync(0, requests.Count, limit, async (i, stop) => answers[i] = await AskAsync(requests[i], stop)).GetAwaiter().GetResult();
        return answers;
    }

    /// <summary>Asks one question, when fewer than <see cref="EndpointOptions.Concurrency"/> are under way.</summary>
    /// <exception cref="EndpointException">
    /// The server refuses; or it failed, could not be reached or was too slow as often as <see cref="EndpointOptions.Retries"/> allows.
    /// </exception>
    public async Task<ChatAnswer> AskAsync(ChatRequest request, CancellationToken stop)
    {
        await _slots.WaitAsync(stop);
        try
        {
            return await Ask(request, stop);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _slots.Dispose();
    }

    private async Task<ChatAnswer> Ask(ChatRequest request, CancellationToken stop)
    {
        try
        {
            var response = await _client.GetResponseAsync(
                request.Messages.Select(message => new ChatMessage(new ChatRole(message.Role), message.Content)), OptionsOf(request), stop);
            var reasoning = response.Messages.SelectMany(message => message.Contents).OfType<TextReasoningContent>();
            return new ChatAnswer(
                response.Text,
                string.Concat(reasoning.Select(part => part.Text)),
                (int)(response.Usage?.OutputTokenCount ?? 0),
                response.FinishReason == ChatFinishReason.Length);
        }
        catch (ClientResultException error) when (IsRefusal(error.Status))
        {
            throw new EndpointException(EndpointException.Refused, $"{Name} refuses the request: {OneLine(error.Message)}. {Advice(error.Status)}");
        }
        catch (Exception error) when (!stop.IsCancellationRequested && error is ClientResultException or AggregateException or HttpRequestException or OperationCanceledException)
        {
            var last = (error as AggregateException)?.InnerExceptions[^1] ?? error;
            throw last is OperationCanceledException
                ? new EndpointException(EndpointException.TimedOut, $"{Name} did not answer within {_options.TimeoutSeconds} s. Is it overloaded? Raise endpoint.timeout_seconds.")
                : new EndpointException(EndpointException.Failed,
                    $"{Name} did not answer after {_options.Retries + 1} tries: {OneLine(last.Message)}. "
                    + "Is the server running? What was sampled so far is kept by the checkpoints.");
        }
    }

    private static ChatOptions OptionsOf(ChatRequest request)
    {
        var sampling = request.Sampling;
        return new ChatOptions
        {
            Temperature = (float)sampling.Temperature,
            TopP = sampling.TopP < 1 ? (float)sampling.TopP : null,
            MaxOutputTokens = sampling.MaxTokens,
            StopSequences = sampling.Stop is { Count: > 0 } stop ? [.. stop] : null,
            Seed = request.Seed,
            ResponseFormat = request.AnswerSchema is { } schema ? ChatResponseFormat.ForJsonSchema(schema, "answer") : null,
            RawRepresentationFactory = _ => BeyondOpenAI(sampling),
        };
    }

    /// <summary>What vLLM, SGLang and llama.cpp take beside OpenAI's own settings; sent only if asked for, as OpenAI refuses what it does not know.</summary>
    private static OpenAIChat.ChatCompletionOptions BeyondOpenAI(SamplingOptions sampling)
    {
        var raw = new OpenAIChat.ChatCompletionOptions();
#pragma warning disable SCME0001 // the library's way to send what it has no property for is marked as experimental
        if (sampling.TopK > 0) raw.Patch.Set("$.top_k"u8, sampling.TopK);
        if (sampling.MinP > 0) raw.Patch.Set("$.min_p"u8, sampling.MinP);
        if (sampling.RepetitionPenalty != 1) raw.Patch.Set("$.repetition_penalty"u8, sampling.RepetitionPenalty);
#pragma warning restore SCME0001
        return raw;
    }

    private static string Key(EndpointOptions options)
    {
        if (options.ApiKeyVariable is not { } variable) return NoKey;
        return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } key ? key : throw new EndpointException(EndpointException.Refused,
            $"The environment variable {variable}, which is to hold the API key of {options.Url}, is not set where the stage runs. Set it before `pipeline run`.");
    }

    /// <summary>What another try will not change; 408 and 429 were tried again by the client.</summary>
    private static bool IsRefusal(int status) => status is >= 400 and < 500 and not 408 and not 429;

    private static string Advice(int status) => status switch
    {
        401 or 403 => "Name the environment variable that holds the key in endpoint.api_key_variable.",
        404 => "Look at endpoint.url, which mostly ends in /v1, and endpoint.model.",
        _ => "Look at the settings under endpoint and sampling.",
    };

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}
