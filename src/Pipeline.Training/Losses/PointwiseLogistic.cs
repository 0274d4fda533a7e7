using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

/// <summary>The loss of a reward model on single labelled completions, as of the paper's safety reward.</summary>
public static class PointwiseLogistic
{
    /// <summary>Binary cross-entropy of the score, taken as a log-odds.</summary>
    /// <param name="scores">[batch]; carries gradient.</param>
    /// <param name="labels">[batch], 1 for good and 0 for bad.</param>
    /// <returns>Loss [], and the share of completions on the right side of zero.</returns>
    public static (Tensor Loss, double Accuracy) Of(Tensor scores, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var loss = nn.functional.binary_cross_entropy_with_logits(scores, labels.to(scores.dtype));
        var right = (scores > 0) == (labels > 0.5);
        return (loss.MoveToOuterDisposeScope(), right.to(ScalarType.Float64).mean().item<double>());
    }
}
