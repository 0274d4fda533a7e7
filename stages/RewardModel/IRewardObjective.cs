namespace Pipeline.Stages.RewardModel;

/// <summary>What a reward model learns from: pairs or labelled answers.</summary>
internal interface IRewardObjective
{
    /// <summary>Rows to train on, at least one.</summary>
    int Training { get; }

    /// <summary>Adds the gradient of the mean loss over some rows.</summary>
    /// <param name="rows">Their numbers, below <see cref="Training"/>.</param>
    /// <returns>The loss, the share of rows that are judged right, and the tokens read.</returns>
    (double Loss, double Accuracy, long Tokens) Backward(int[] rows);

    /// <summary>Whether each of the held-out rows is judged right.</summary>
    IReadOnlyCollection<bool> HeldOutVerdicts();
}
