using System.Runtime.InteropServices;
using System.Text;
using Pipeline.Endpoints;
using Pipeline.Protocol.Options;
using Pipeline.Stages.Hosting;
using static TorchSharp.torch;

namespace Pipeline.Stages.Completions;

/// <summary>
/// Samples completions of prompts from a model behind an endpoint. They are text: the server keeps its tokens and their
/// log-probabilities, so nothing can be trained on them by policy gradient.
/// </summary>
/// <param name="endpoint">The server. The caller disposes it.</param>
public sealed class EndpointSampler(ChatEndpoint endpoint) : ICompletionSource
{
    private const int SeedBits = 31; // servers read the seed as a signed or an unsigned 32-bit number

    /// <inheritdoc/>
    public string Identity => endpoint.Name;

    /// <inheritdoc/>
    public IReadOnlyList<ChatPrompt> ReadPrompts(IReadOnlyList<string> paths, int maxTokens, StageEvents events) => PromptSet.Read(paths, events);

    /// <inheritdoc/>
    public IReadOnlyList<SampledCompletion> Sample(
        IReadOnlyList<ChatPrompt> prompts, int perPrompt, SamplingOptions options, ulong seed, long firstRow = 0)
    {
        // One request a completion, not one a prompt: what fails is tried again by itself, and each has a seed of its own.
        var rows = prompts.SelectMany(prompt => Enumerable.Repeat(prompt, perPrompt)).ToList();
        var answers = endpoint.AskAll([.. rows.Select((prompt, row) => new ChatRequest(
            [.. prompt.Row.Prompt.Select(message => new ChatTurn(message.Role, message.Content))], options, (long)(Seeds.Of(seed, "row", firstRow + row) >> (64 - SeedBits))))]);
        return [.. rows.Zip(answers, (prompt, answer) => SampledCompletion.OfText(prompt, Whole(answer), answer.Tokens, answer.IsTruncated))];
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> Save(IReadOnlyList<SampledCompletion> completions)
    {
        var texts = completions.Select(completion => Encoding.UTF8.GetBytes(completion.Written)).ToList();
        return new Dictionary<string, Tensor>
        {
            ["text"] = tensor(Words([.. texts.SelectMany(text => text)])),
            ["bytes"] = tensor(texts.Select(text => (long)text.Length).ToArray()),
            ["lengths"] = tensor(completions.Select(completion => (long)completion.Input.Length).ToArray()),
            ["truncated"] = tensor(completions.Select(completion => completion.IsTruncated ? 1L : 0).ToArray()),
        };
    }

    /// <inheritdoc/>
    public IEnumerable<SampledCompletion> Restore(IReadOnlyDictionary<string, Tensor> saved, Func<int, ChatPrompt> promptOf)
    {
        var text = MemoryMarshal.AsBytes(saved["text"].data<long>().ToArray().AsSpan()).ToArray();
        var bytes = saved["bytes"].data<long>().ToArray();
        var lengths = saved["lengths"].data<long>().ToArray();
        var truncated = saved["truncated"].data<long>().ToArray();
        var start = 0;
        for (var i = 0; i < bytes.Length; start += (int)bytes[i++])
            yield return SampledCompletion.OfText(promptOf(i), Encoding.UTF8.GetString(text, start, (int)bytes[i]), (int)lengths[i], truncated[i] == 1);
    }

    /// <summary>Checkpoints hold numbers of eight bytes; zeros fill the last.</summary>
    private static long[] Words(byte[] bytes)
    {
        var words = new long[(bytes.Length + sizeof(long) - 1) / sizeof(long)];
        bytes.AsSpan().CopyTo(MemoryMarshal.AsBytes<long>(words.AsSpan()));
        return words;
    }

    /// <summary>The text as the model wrote it: a server with a reasoning parser hands the chain of thought out by itself.</summary>
    private static string Whole(ChatAnswer answer) =>
        answer.Reasoning.Length == 0 ? answer.Text : $"<think>\n{answer.Reasoning.Trim('\n')}\n</think>\n\n{answer.Text.TrimStart('\n')}";
}
