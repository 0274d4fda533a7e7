using Pipeline.Protocol.Options;
using Pipeline.Rewards.Languages;

namespace Pipeline.Rewards;

/// <summary>Makes rewards of a stage's options.</summary>
public static class RewardTerms
{
    /// <summary>
    /// The name of the reward of each term: the key it has in YAML. Several reward models are told apart by a number,
    /// <c>reward_model</c>, <c>reward_model_2</c>, under which the stage hands in their scores.
    /// </summary>
    public static IReadOnlyList<(string Name, RewardModelTerm Term)> Models(IReadOnlyList<RewardTerm> options) =>
    [
        .. options.Select(term => term.RewardModel).OfType<RewardModelTerm>()
            .Select((model, index) => (index == 0 ? "reward_model" : $"reward_model_{index + 1}", model)),
    ];

    internal static WeightedReward[] Build(IReadOnlyList<RewardTerm> options, int? steps)
    {
        var modelNames = new Queue<string>(Models(options).Select(model => model.Name));
        // What is right is asked the same way everywhere: as the sum's own accuracy term asks it.
        var form = options.Select(term => term.Accuracy?.Answer).FirstOrDefault(answer => answer is not null);
        var accuracy = new Accuracy(form ?? AnswerForm.Any);
        return [.. options.Select(term => Weighted(term.Set(), steps, Reward(term, accuracy, modelNames), accuracy))];
    }

    private static WeightedReward Weighted(RewardTermOptions options, int? steps, IReward reward, Accuracy accuracy) =>
        new(reward, options.Weight)
        {
            Abilities = options.Abilities,
            FromStep = options.FirstStep(steps),
            Gate = options.OnlyIfCorrect ? accuracy : null,
        };

    private static IReward Reward(RewardTerm term, Accuracy accuracy, Queue<string> modelNames) => term switch
    {
        { Accuracy: not null } => accuracy,
        { Format: { Pattern: { } pattern } } => Format.Of(pattern),
        { Format: { } format } => Format.Of(format.Profile),
        { LanguageConsistency: { } language } => new LanguageConsistency(new WordLists(language.Words)),
        { Repetition: { } repetition } => new Repetition(repetition.Ngram),
        { SoftOverlong: { } overlong } => new SoftOverlong(overlong.Limit, overlong.Margin),
        { RewardModel: not null } => new ModelScore(modelNames.Dequeue()),
        _ => throw new InvalidOperationException("A kind of reward term without a reward."),
    };
}
