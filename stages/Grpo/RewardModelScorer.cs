using Pipeline.Protocol.Options;
using Pipeline.Rewards;
using Pipeline.Stages.ChatModels;
using Pipeline.Stages.Completions;

namespace Pipeline.Stages.Grpo;

/// <summary>A reward model and the completions it is asked about.</summary>
/// <param name="name">The reward's name in the sum.</param>
/// <param name="term">Which prompts, which part of the completion.</param>
/// <param name="firstStep">The first step in which it is asked.</param>
/// <param name="model">The model; disposed with this.</param>
internal sealed class RewardModelScorer(string name, RewardModelTerm term, int firstStep, ScoreModel model) : IDisposable
{
    /// <summary>Adds its score, through a sigmoid, to the scores of each completion that the term concerns.</summary>
    public void Score(IReadOnlyList<SampledCompletion> completions, int step, IReadOnlyList<Dictionary<string, double>> scores)
    {
        if (step < firstStep) return;
        var concerned = Enumerable.Range(0, completions.Count)
            .Where(index => term.Abilities is null || term.Abilities.Contains(completions[index].Prompt.Row.Ability)).ToList();
        if (concerned.Count == 0) return;
        var probabilities = model.Probabilities([.. concerned.Select(index => Encode(completions[index]))]);
        foreach (var (index, probability) in concerned.Zip(probabilities)) scores[index][name] = probability;
    }

    /// <inheritdoc/>
    public void Dispose() => model.Dispose();

    private int[] Encode(SampledCompletion completion)
    {
        var answer = term.Scores == ScoredPart.Summary ? Thinking.After(completion.Input.Text).Trim() : completion.Input.Text;
        // A policy can spell a control token letter by letter; to the reward model it would be the end of the turn.
        while (model.Chat.Tokenizer.FindControlToken(answer) is { } control) answer = answer.Replace(control, "", StringComparison.Ordinal);
        var ids = model.Encode(completion.Prompt.Row.Prompt, answer);
        // What is too long for the reward model is judged by its end, where the answer stands.
        return ids.Length <= model.Model.Config.MaxPositions ? ids : ids[^model.Model.Config.MaxPositions..];
    }
}
