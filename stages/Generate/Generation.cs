using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Datasets.Chat;
using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Protocol;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Hosting;
using Pipeline.Training.Sampling;

namespace Pipeline.Stages.Generate;

/// <summary>Lets a model write, for people to look at.</summary>
public static class Generation
{
    // Completions are for people's eyes: letters stay letters.
    private static readonly JsonSerializerOptions s_line = new(ProtocolJson.Line) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes completions of one prompt while they are sampled; several one after the other.</summary>
    public static void ToTerminal(GenerateRequest request, string prompt, TextWriter terminal)
    {
        using var model = ChatModel.Load(request.Model, TorchRuntime.Open(request.Threads, request.Device));
        var ids = Ids(model, Prompt.OfText(prompt, request.Chat));
        for (var sample = 0; sample < request.Samples; sample++)
        {
            if (request.Samples > 1) terminal.WriteLine($"--- {sample + 1} of {request.Samples}");
            var text = new StreamedText(model.Tokenizer, terminal);
            var completion = new Sampler(model.Model).Sample([ids], Options(request, model, batch: 1), firstRow: sample, progress: (_, token) => text.Add(token)).Single();
            text.End();
            if (completion.StopReason == StopReason.Length) terminal.WriteLine($"[cut off at {request.Sampling.MaxTokens} tokens]");
        }
    }

    /// <summary>Writes completions of all prompts of a file into a file, which is there whole or not at all.</summary>
    public static void ToFile(GenerateRequest request, string from, string to)
    {
        if (Path.GetExtension(to) is not (".jsonl" or ".parquet"))
            throw new ConfigException(StageErrors.OptionInvalid, $"--out is {to}; it must end in .jsonl or .parquet.");
        using var model = ChatModel.Load(request.Model, TorchRuntime.Open(request.Threads, request.Device));
        var prompts = Prompt.ReadFile(from, request.Chat).SelectMany(prompt => Enumerable.Repeat(prompt, request.Samples)).ToList();
        var completions = new Sampler(model.Model).Sample([.. prompts.Select(prompt => Ids(model, prompt))], Options(request, model, request.Sampling.BatchSize));
        var texts = completions.Select(completion => model.Tokenizer.Decode(completion.Tokens, skipSpecial: true)).ToList();
        if (Path.GetExtension(to) == ".parquet")
            Dataset.Write(to, prompts.Zip(texts, (prompt, text) => new SftRow([.. prompt.AsMessages, ChatMessage.Assistant(model.Chat.Prefill + text)], Source: "generate")));
        else
            WholeFile.WriteText(to, string.Concat(prompts.Zip(texts, completions).Select(row => Line(row.First, row.Second, row.Third))));
    }

    private static string Line(Prompt prompt, string text, Completion completion) => new JsonObject
    {
        ["prompt"] = prompt.Json,
        ["completion"] = text,
        ["stop_reason"] = completion.StopReason.ToString().ToLowerInvariant(),
        ["tokens"] = completion.Tokens.Length,
        ["log_prob"] = Math.Round(completion.LogProbs.Sum(logProb => (double)logProb), 4),
    }.ToJsonString(s_line) + "\n";

    private static int[] Ids(ChatModel model, Prompt prompt) =>
        prompt.Messages is { } messages ? model.Chat.EncodePrompt(messages) : model.Tokenizer.Encode(prompt.Text!);

    private static SamplingOptions Options(GenerateRequest request, ChatModel model, int batch) =>
        CompletionSampler.TokensOf(model, request.Sampling with { BatchSize = batch }, request.Seed);
}
