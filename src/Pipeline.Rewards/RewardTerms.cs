using Pipeline.Protocol.Options;
using Pipeline.Rewards.Code;
using Pipeline.Rewards.External;
using Pipeline.Rewards.Judges;
using Pipeline.Rewards.Languages;

namespace Pipeline.Rewards;

/// <summary>Makes rewards of a stage's options.</summary>
public static class RewardTerms
{
    private static readonly Gate s_format = new(["format"]);

    /// <summary>The reward models among the terms, under the names by which the stage hands in their scores.</summary>
    public static IReadOnlyList<(string Name, RewardModelTerm Term)> Models(IReadOnlyList<RewardTerm> options)
    {
        var names = new RewardNames();
        return [.. options.Select(term => term.RewardModel).OfType<RewardModelTerm>().Select(model => (names.Next("reward_model"), model))];
    }

    internal static WeightedReward[] Build(IReadOnlyList<RewardTerm> options, int? steps)
    {
        var names = new RewardNames();
        // What is right is asked the same way everywhere: as the sum's own accuracy term asks it.
        var form = options.Select(term => term.Accuracy?.Answer).FirstOrDefault(answer => answer is not null);
        var accuracy = new Accuracy(form ?? AnswerForm.Any);
        var rewards = options.Select(term => Reward(term, accuracy, names)).ToList();
        var correct = new Gate([.. rewards.Where(reward => reward is Accuracy or CodeReward).Select(reward => reward.Name)], accuracy);
        return
        [
            .. options.Zip(rewards, (term, reward) => (Options: term.Set(), reward)).Select(term => new WeightedReward(term.reward, term.Options.Weight)
            {
                Abilities = term.Options.Abilities,
                FromStep = term.Options.FirstStep(steps),
                Limit = TimeSpan.FromSeconds(term.Options.LimitSeconds),
                Gates = [.. term.Options.OnlyIfCorrect ? [correct] : (Gate[])[], .. term.Options.OnlyIfFormat ? [s_format] : (Gate[])[]],
            }),
        ];
    }

    private static IReward Reward(RewardTerm term, Accuracy accuracy, RewardNames names) => term switch
    {
        { Accuracy: not null } => accuracy,
        { Code: { } code } => new CodeReward(code, code.Partial),
        { Format: { Pattern: { } pattern } } => Format.Of(pattern),
        { Format: { } format } => Format.Of(format.Profile),
        { LanguageConsistency: { } language } => new LanguageConsistency(ILanguageTeller.Of(language.Words, language.Languages)
            ?? throw new RewardException(RewardException.Language, "language_consistency needs words, or languages to be detected.")),
        { Repetition: { } repetition } => new Repetition(repetition.Ngram),
        { SoftOverlong: { } overlong } => new SoftOverlong(overlong.Limit, overlong.Margin),
        { TagCount: not null } => new TagCount(),
        { CosineLength: { } cosine } => new CosineLength(cosine, accuracy),
        { Http: { } http } => new HttpReward(names.Next("http"), http),
        { Judge: { } judge } => new JudgeReward(names.Next("judge"), judge),
        { Command: { } command } => new CommandReward(names.Next("command"), command),
        { RewardModel: not null } => new ModelScore(names.Next("reward_model")),
        _ => throw new InvalidOperationException("A kind of reward term without a reward."),
    };
}
