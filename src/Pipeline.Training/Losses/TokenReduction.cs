using static TorchSharp.torch;

namespace Pipeline.Training.Losses;

/// <summary>How the losses of single tokens become the loss of a batch: <see cref="SequenceMean"/>, <see cref="TokenMean"/> or <see cref="ConstantMean"/>.</summary>
/// <param name="perToken">[batch, seq].</param>
/// <param name="completionMask">[batch, seq], bool. True where the policy chose the token.</param>
/// <returns>[].</returns>
public delegate Tensor TokenReduction(Tensor perToken, Tensor completionMask);
