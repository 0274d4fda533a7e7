using static TorchSharp.torch;

namespace Pipeline.Training.Losses.Policy;

/// <summary>What is compared between two policies: from the log-ratios of tokens to the log-ratios that are clipped.</summary>
/// <param name="logRatio">[batch, seq], zero outside the mask; carries gradient.</param>
/// <param name="completionMask">[batch, seq], bool. True where the policy chose the token.</param>
/// <returns>[batch, seq], or [batch, 1] where a completion has one ratio.</returns>
internal delegate Tensor PolicyRatio(Tensor logRatio, Tensor completionMask);

/// <summary>The kinds of <see cref="PolicyRatio"/>.</summary>
internal static class PolicyRatios
{
    /// <summary>Each token by itself.</summary>
    public static Tensor OfTokens(Tensor logRatio, Tensor completionMask) => logRatio;

    /// <summary>The whole completion, as the geometric mean over its tokens: of the same size whatever the length (GSPO).</summary>
    public static Tensor OfSequences(Tensor logRatio, Tensor completionMask)
    {
        using var scope = NewDisposeScope();
        var tokens = completionMask.sum([-1], keepdim: true).clamp(min: 1);              // [batch, 1]
        return (logRatio.sum([-1], keepdim: true) / tokens).MoveToOuterDisposeScope();
    }

    /// <summary>The whole completion, as the probability it has: the product over its tokens (R1's equation 1, RLOO).</summary>
    public static Tensor OfCompletions(Tensor logRatio, Tensor completionMask) => logRatio.sum([-1], keepdim: true);
}
