using Pipeline.Datasets.Packing;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Stages.Loop;

/// <summary>What examples teach: adds the gradient of one micro-batch, as <see cref="LanguageLoss.Backward"/> does.</summary>
/// <param name="model">What learns.</param>
/// <param name="rows">The micro-batch: rows of one example each, or of several laid end to end.</param>
/// <param name="stepTokens">Tokens to be learnt in the whole step.</param>
/// <param name="device">Where the model lives.</param>
/// <returns>The micro-batch's share of the step's mean loss, and of the mean entropy of the predictions, in nats.</returns>
public delegate (double Loss, double Entropy) ExampleLoss(
    LanguageModel model, IReadOnlyList<IReadOnlyList<TokenExample>> rows, long stepTokens, Device device);
