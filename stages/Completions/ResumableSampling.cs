using System.Text.Json.Nodes;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Hosting;
using Pipeline.Training.Sampling;
using static TorchSharp.torch;
using SamplingOptions = Pipeline.Protocol.Options.SamplingOptions;

namespace Pipeline.Stages.Completions;

/// <summary>
/// Samples completions of many prompts, some prompts at a time, and can go on where an attempt was interrupted: what was
/// sampled lies in the checkpoint as tokens, from which text and grades follow.
/// </summary>
/// <param name="stage">The stage.</param>
/// <param name="model">What samples.</param>
/// <param name="prompts">What is asked, in this order.</param>
/// <param name="perPrompt">Completions a prompt.</param>
/// <param name="options">How they are sampled.</param>
public sealed class ResumableSampling(
    StageContext stage, ChatModel model, IReadOnlyList<ChatPrompt> prompts, int perPrompt, SamplingOptions options)
{
    private const int ChunksPerCheckpoint = 50;

    private readonly CompletionSampler _sampler = new(model);
    private readonly ulong _seed = Seeds.Of(stage.Seed, "sample");
    private readonly List<SampledCompletion> _completions = [];

    /// <summary>Samples until all is sampled, or somebody asks the stage to stop.</summary>
    /// <returns>Those of the first prompt, then those of the second, and so on; null if it was interrupted.</returns>
    public IReadOnlyList<SampledCompletion>? Run()
    {
        var chunks = prompts.Chunk(Math.Max(1, options.BatchSize / perPrompt)).ToList();
        var done = stage.Job.ResumeFrom is { } folder ? GoOnFrom(folder) : 0;
        stage.Heartbeat.Enter("sampling");
        stage.Heartbeat.Begin(chunks.Count, done);
        for (; done < chunks.Count; done++)
        {
            if (stage.Stop.Asked)
            {
                Save(done);
                stage.Events.Stopped(done, $"Asked to stop; saved after {_completions.Count} of {prompts.Count * perPrompt} completions.");
                return null;
            }
            if (done > 0 && done % (stage.Job.Checkpoints.EverySteps ?? ChunksPerCheckpoint) == 0) Save(done);
            Sample(done + 1, chunks[done]);
            stage.Heartbeat.Done(done + 1);
        }
        return _completions;
    }

    private void Sample(int chunk, ChatPrompt[] asked)
    {
        var started = stage.Clock.GetTimestamp();
        var sampled = _sampler.Sample(asked, perPrompt, options, _seed, firstRow: _completions.Count);
        _completions.AddRange(sampled);
        var tokens = sampled.Sum(completion => completion.Tokens.Length);
        var seconds = stage.Clock.GetElapsedTime(started).TotalSeconds;
        stage.Work.Add(tokens);
        stage.Metrics.Write(chunk,
        [
            new("completions/mean_length", tokens / (double)sampled.Count),
            new("completions/clipped_ratio", sampled.Count(completion => completion.IsTruncated) / (double)sampled.Count),
            new("num_tokens", stage.Work.Tokens),
            new("step_time", seconds),
            new("tokens_per_second", tokens / seconds),
        ]);
    }

    private void Save(int chunks)
    {
        using var scope = NewDisposeScope();
        stage.Metrics.FlushToDisk();
        StageCheckpoint.Write(stage, chunks, new Dictionary<string, IReadOnlyDictionary<string, Tensor>>
        {
            ["completions"] = new Dictionary<string, Tensor>
            {
                ["tokens"] = tensor(_completions.SelectMany(completion => completion.Tokens).Select(token => (long)token).ToArray()),
                ["lengths"] = tensor(_completions.Select(completion => (long)completion.Tokens.Length).ToArray()),
            },
        }, new JsonObject { ["tokenizer"] = model.Tokenizer.Digest, ["tokens"] = stage.Work.Tokens, ["seconds"] = stage.Work.Seconds });
    }

    private int GoOnFrom(string folder)
    {
        using var scope = NewDisposeScope();
        var checkpoint = StageCheckpoint.Read(stage, folder);
        StageCheckpoint.RequireTokenizer(folder, (string)checkpoint.State["tokenizer"]!, model.Tokenizer.Digest);
        var tokens = checkpoint.Tensors["completions"]["tokens"].data<long>().ToArray();
        var start = 0;
        foreach (var length in checkpoint.Tensors["completions"]["lengths"].data<long>())
        {
            int[] ids = [.. tokens[start..(start + (int)length)].Select(token => (int)token)];
            var stop = model.Tokenizer.EosIds.Contains(ids[^1]) ? StopReason.Eos : StopReason.Length;
            // Nobody trains on these, so their log-probabilities were not kept.
            _completions.Add(new SampledCompletion(model, prompts[_completions.Count / perPrompt], new Completion(ids, [], stop)));
            start += (int)length;
        }
        stage.Work.GoOnFrom((long)checkpoint.State["tokens"]!, (double)checkpoint.State["seconds"]!);
        return (int)checkpoint.Step;
    }
}
