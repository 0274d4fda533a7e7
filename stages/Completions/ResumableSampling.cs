using System.Text.Json.Nodes;
using Pipeline.Stages.Hosting;
using static TorchSharp.torch;
using SamplingOptions = Pipeline.Protocol.Options.SamplingOptions;

namespace Pipeline.Stages.Completions;

/// <summary>
/// Samples completions of many prompts, some prompts at a time, and can go on where an attempt was interrupted: what was
/// sampled lies in the checkpoint, and grades follow from it.
/// </summary>
/// <param name="stage">The stage.</param>
/// <param name="source">What samples.</param>
/// <param name="prompts">What is asked, in this order.</param>
/// <param name="perPrompt">Completions a prompt.</param>
/// <param name="options">How they are sampled.</param>
public sealed class ResumableSampling(
    StageContext stage, ICompletionSource source, IReadOnlyList<ChatPrompt> prompts, int perPrompt, SamplingOptions options)
{
    private const int ChunksPerCheckpoint = 50;
    private static readonly TimeSpan s_mostLost = TimeSpan.FromMinutes(1); // a chunk of long completions can take that by itself

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
        var saved = stage.Clock.GetTimestamp();
        for (; done < chunks.Count; done++)
        {
            if (stage.Stop.Asked)
            {
                Save(done);
                stage.Events.Stopped(done, $"Asked to stop; saved after {_completions.Count} of {prompts.Count * perPrompt} completions.");
                return null;
            }
            if (done > 0 && (done % (stage.Job.Checkpoints.EverySteps ?? ChunksPerCheckpoint) == 0 || stage.Clock.GetElapsedTime(saved) >= s_mostLost))
            {
                Save(done);
                saved = stage.Clock.GetTimestamp();
            }
            Sample(done + 1, chunks[done]);
            stage.Heartbeat.Done(done + 1);
        }
        return _completions;
    }

    private void Sample(int chunk, ChatPrompt[] asked)
    {
        var started = stage.Clock.GetTimestamp();
        var sampled = source.Sample(asked, perPrompt, options, _seed, firstRow: _completions.Count);
        _completions.AddRange(sampled);
        var tokens = sampled.Sum(completion => completion.Input.Length);
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
            ["completions"] = source.Save(_completions),
        }, new JsonObject { ["source"] = source.Identity, ["tokens"] = stage.Work.Tokens, ["seconds"] = stage.Work.Seconds });
    }

    private int GoOnFrom(string folder)
    {
        using var scope = NewDisposeScope();
        var checkpoint = StageCheckpoint.Read(stage, folder);
        StageCheckpoint.RequireTokenizer(folder, (string)checkpoint.State["source"]!, source.Identity);
        _completions.AddRange(source.Restore(checkpoint.Tensors["completions"], index => prompts[index / perPrompt]));
        stage.Work.GoOnFrom((long)checkpoint.State["tokens"]!, (double)checkpoint.State["seconds"]!);
        return (int)checkpoint.Step;
    }
}
