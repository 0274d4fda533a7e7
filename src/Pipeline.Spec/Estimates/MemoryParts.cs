namespace Pipeline.Spec.Estimates;

/// <summary>What a process needs at its peak, by what it is for, in a step with rows of the longest length; bytes.</summary>
/// <param name="Runtime">Programs and libraries, and what they set aside.</param>
/// <param name="Weights">The model's weights, its reference's and its adapter's included.</param>
/// <param name="Gradients">Gradients of what learns.</param>
/// <param name="OptimizerState">Both moments of what learns.</param>
/// <param name="Activations">What the forward pass leaves for the backward pass, and what that has in hand.</param>
/// <param name="Logits">Scores over the vocabulary, of so many positions as are worked on at once.</param>
/// <param name="KeyValueCache">Keys and values of what is being sampled; the activations are not there at the same time.</param>
public sealed record MemoryParts(
    double Runtime, double Weights, double Gradients, double OptimizerState, double Activations, double Logits, double KeyValueCache = 0)
{
    /// <summary>The peak: training and sampling take turns.</summary>
    public double Peak => Runtime + Weights + Gradients + OptimizerState + Math.Max(Activations + Logits, KeyValueCache);
}
