using Pipeline.Protocol.Artifacts;
using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Hosting;
using static TorchSharp.torch;

namespace Pipeline.Stages.RejectionSampling;

/// <summary>Which of the completions that passed every filter become rows: so many a prompt, in an order of preference.</summary>
internal static class Choice
{
    /// <summary>Keeps the foremost of each prompt, in the order of sampling.</summary>
    /// <param name="candidates">Those that are left, in the order of sampling.</param>
    /// <param name="perPrompt">How many are kept a prompt at most.</param>
    /// <param name="places">The place of each among its prompt's; the smaller is kept, of equal ones the first.</param>
    /// <param name="rule">The order in words.</param>
    public static (IReadOnlyList<Candidate> Kept, FunnelStep Step) Of(
        IReadOnlyList<Candidate> candidates, int perPrompt, IReadOnlyList<double> places, string rule)
    {
        var kept = candidates.Zip(places).GroupBy(pair => pair.First.Prompt)
            .SelectMany(prompt => prompt.OrderBy(pair => pair.Second).Take(perPrompt).Select(pair => pair.First)).ToHashSet();
        IReadOnlyList<Candidate> left = [.. candidates.Where(kept.Contains)];
        return (left, Funnel.Step("surplus", $"more than {perPrompt} of its prompt; {rule}", [.. candidates.Where(candidate => !kept.Contains(candidate))], left));
    }

    /// <summary>Keeps as many as the options say, in their order.</summary>
    /// <exception cref="ConfigException">The best are asked for and there is no input <c>reward_model</c>, or the other way round.</exception>
    public static (IReadOnlyList<Candidate> Kept, FunnelStep Step) Of(
        StageContext stage, RejectionSamplingOptions options, IReadOnlyList<Candidate> candidates, Device device)
    {
        RequireModelForTheBest(stage, options);
        return options.Choose switch
        {
            CompletionChoice.First => Of(candidates, options.KeepPerPrompt, [.. candidates.Select(_ => 0.0)], "the first are kept"),
            CompletionChoice.Shortest => Of(candidates, options.KeepPerPrompt,
                [.. candidates.Select(candidate => (double)candidate.Completion.Input.Length)], "the shortest are kept"),
            CompletionChoice.Best => Of(candidates, options.KeepPerPrompt,
                [.. Scores(stage.Input("reward_model"), options.Scores, candidates, device).Select(score => -score)], "the best are kept"),
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Choose, null),
        };
    }

    /// <summary>Said before hours of sampling, not after.</summary>
    public static void RequireModelForTheBest(StageContext stage, RejectionSamplingOptions options)
    {
        var isGiven = stage.OptionalInput("reward_model") is not null;
        if (options.Choose == CompletionChoice.Best && !isGiven) throw new ConfigException(StageErrors.OptionInvalid,
            "choose is best, but there is no input reward_model to tell the best by. Give one, or choose first or shortest.");
        if (options.Choose != CompletionChoice.Best && isGiven) throw new ConfigException(StageErrors.OptionInvalid,
            "There is an input reward_model, but nothing is chosen by it. Set choose: best, or leave the input out.");
    }

    private static double[] Scores(string folder, ScoredPart part, IReadOnlyList<Candidate> candidates, Device device)
    {
        using var model = ScoreModel.Load(folder, device);
        return model.LogOdds([.. candidates.Select(candidate =>
        {
            var answer = part == ScoredPart.Summary ? Thinking.After(candidate.Text).Trim() : candidate.Text;
            var ids = model.Encode(candidate.Completion.Prompt.Row.Prompt, answer);
            // What is too long for the reward model is judged by its end, where the answer stands.
            return ids.Length <= model.Model.Config.MaxPositions ? ids : ids[^model.Model.Config.MaxPositions..];
        })]);
    }
}
