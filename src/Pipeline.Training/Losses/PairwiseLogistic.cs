using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

/// <summary>The loss of a reward model on pairs (Bradley and Terry, 1952; InstructGPT, arXiv:2203.02155, equation 1).</summary>
public static class PairwiseLogistic
{
    /// <summary>How surprised the model is that the chosen one was chosen: -log sigmoid of the margin.</summary>
    /// <param name="chosen">[pairs], scores; carries gradient.</param>
    /// <param name="rejected">[pairs], scores; carries gradient.</param>
    /// <returns>Loss [], the share of pairs that are ranked right, and the mean margin.</returns>
    public static (Tensor Loss, double Accuracy, double Margin) Of(Tensor chosen, Tensor rejected)
    {
        using var scope = NewDisposeScope();
        var margin = chosen - rejected;
        var loss = -nn.functional.logsigmoid(margin).mean();
        return (loss.MoveToOuterDisposeScope(), (margin > 0).to(ScalarType.Float64).mean().item<double>(),
            margin.detach().to(ScalarType.Float64).mean().item<double>());
    }
}
