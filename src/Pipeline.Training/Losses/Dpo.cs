using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

/// <summary>Direct preference optimization: a reward model's loss, with the policy itself as the reward model (arXiv:2305.18290, equation 7).</summary>
public static class Dpo
{
    /// <summary>
    /// The surprise that the chosen one was chosen, where the reward of a completion is beta times the log-ratio of policy and
    /// reference.
    /// </summary>
    /// <param name="chosen">[pairs]. Log-probability of the whole chosen completion; carries gradient.</param>
    /// <param name="rejected">[pairs]. Of the rejected one; carries gradient.</param>
    /// <param name="referenceChosen">[pairs]. By the reference.</param>
    /// <param name="referenceRejected">[pairs]. By the reference.</param>
    /// <param name="beta">How strongly the policy is held to the reference; above 0.</param>
    /// <param name="labelSmoothing">Share of pairs that are thought to be labelled the wrong way round (conservative DPO, Mitchell, 2023).</param>
    /// <returns>[pairs], the loss of each; and without gradient [pairs] each, the rewards of both sides.</returns>
    public static (Tensor Loss, Tensor ChosenRewards, Tensor RejectedRewards) Of(
        Tensor chosen, Tensor rejected, Tensor referenceChosen, Tensor referenceRejected, double beta, double labelSmoothing = 0)
    {
        using var scope = NewDisposeScope();
        var chosenRewards = beta * (chosen - referenceChosen);
        var rejectedRewards = beta * (rejected - referenceRejected);
        var margin = chosenRewards - rejectedRewards;
        var loss = -(1 - labelSmoothing) * nn.functional.logsigmoid(margin) - labelSmoothing * nn.functional.logsigmoid(-margin);
        return scope.MoveToOuter(loss, chosenRewards.detach(), rejectedRewards.detach());
    }
}
