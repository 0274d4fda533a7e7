namespace Pipeline.Stages.Dpo;

/// <summary>What an optimizer step saw, as means over its pairs. A reward is beta times the log-ratio of policy and reference.</summary>
/// <param name="Loss">DPO's.</param>
/// <param name="ChosenReward">Of the chosen answers; 0 at first.</param>
/// <param name="RejectedReward">Of the rejected answers; 0 at first.</param>
/// <param name="Accuracy">Share of pairs whose chosen answer has the higher reward.</param>
/// <param name="ChosenLogProb">Log-probability of a chosen answer.</param>
/// <param name="RejectedLogProb">Log-probability of a rejected answer.</param>
internal sealed record PreferenceMetrics(
    double Loss, double ChosenReward, double RejectedReward, double Accuracy, double ChosenLogProb, double RejectedLogProb)
{
    /// <summary>Of a step, from its micro-batches' shares.</summary>
    public static PreferenceMetrics Sum(IEnumerable<PreferenceMetrics> parts) => parts.Aggregate((a, b) => new(
        a.Loss + b.Loss, a.ChosenReward + b.ChosenReward, a.RejectedReward + b.RejectedReward, a.Accuracy + b.Accuracy,
        a.ChosenLogProb + b.ChosenLogProb, a.RejectedLogProb + b.RejectedLogProb));

    /// <summary>Under TRL's names.</summary>
    public IEnumerable<KeyValuePair<string, double>> Named() =>
    [
        new("loss", Loss), new("rewards/chosen", ChosenReward), new("rewards/rejected", RejectedReward),
        new("rewards/margins", ChosenReward - RejectedReward), new("rewards/accuracies", Accuracy),
        new("logps/chosen", ChosenLogProb), new("logps/rejected", RejectedLogProb),
    ];
}
