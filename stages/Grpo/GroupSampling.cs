using Pipeline.Protocol.Options;
using Pipeline.Stages.Completions;
using Pipeline.Stages.Hosting;
using Pipeline.Stages.Loop;

namespace Pipeline.Stages.Grpo;

/// <summary>
/// Samples a group of completions for each of a step's prompts and has them scored meanwhile; under dynamic sampling, other
/// groups in place of those that agree.
/// </summary>
/// <param name="stage">The stage.</param>
/// <param name="sampler">What samples.</param>
/// <param name="scorer">What scores.</param>
/// <param name="order">Where prompts come from.</param>
/// <param name="options">How many, and how.</param>
internal sealed class GroupSampling(StageContext stage, CompletionSampler sampler, CompletionScorer scorer, PromptOrder order, GrpoOptions options)
{
    private sealed record Group(IReadOnlyList<ScoredCompletion> Completions, RewardScale Scale)
    {
        public bool Agrees { get; } = RewardGroups.Agrees([.. Completions.Select(one => one.Reward)], Scale);
    }

    /// <summary>Takes prompts, samples and judges. Everything follows from the step's number and what the loop has saved.</summary>
    /// <returns>Those of the first prompt, then those of the second, and so on; and how often it sampled anew.</returns>
    public (IReadOnlyList<ScoredCompletion> Completions, IReadOnlyList<KeyValuePair<string, double>> Metrics) Take(TrainingLoop loop, int step)
    {
        var rows = 0;
        var groups = Sample(options.PromptsPerStep);
        if (options.DynamicSampling is not { } dynamic) return (All(), []);

        var (round, dropped) = (0, 0);
        for (; round < dynamic.MaxRounds && groups.Exists(group => group.Agrees); round++)
        {
            var places = Enumerable.Range(0, groups.Count).Where(place => groups[place].Agrees).ToList();
            dropped += places.Count;
            foreach (var (place, group) in places.Zip(Sample(places.Count).OrderBy(group => group.Agrees))) groups[place] = group;
        }
        return (All(), [new("dynamic_sampling/rounds", round), new("dynamic_sampling/dropped_groups", dropped)]);

        List<Group> Sample(int prompts)
        {
            (var dealt, loop.Cursor) = order.Take(loop.Cursor, prompts, loop.Memory);
            var scored = Scored([.. dealt.SelectMany(one => Enumerable.Repeat(one.Prompt, options.GroupSize))], step, firstRow: rows);
            rows += scored.Count;
            var sampled = scored.Chunk(options.GroupSize).Select(group => new Group(group, options.RewardScale)).ToList();
            foreach (var (prompt, group) in dealt.Zip(sampled)) order.Remember(prompt, group.Completions, loop.Memory);
            return sampled;
        }

        List<ScoredCompletion> All() => [.. groups.SelectMany(group => group.Completions)];
    }

    /// <summary>Samples batch by batch; while one is sampled, those before it are scored.</summary>
    private List<ScoredCompletion> Scored(IReadOnlyList<ChatPrompt> prompts, int step, int firstRow)
    {
        var pending = new List<Task<ScoredCompletion>>(prompts.Count);
        foreach (var batch in prompts.Chunk(options.Sampling.BatchSize))
        {
            var completions = sampler.Sample(batch, perPrompt: 1, options.Sampling, Seeds.Of(stage.Seed, "rollout", step), firstRow + pending.Count);
            stage.Work.Add(completions.Sum(completion => completion.Prompt.Ids.Length + completion.Tokens.Length));
            pending.AddRange(scorer.Begin(completions, step));
        }
        stage.Heartbeat.Enter("grading");
        return [.. Task.WhenAll(pending).GetAwaiter().GetResult()];
    }
}
