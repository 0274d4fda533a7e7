using Pipeline.Protocol.Options;
using Pipeline.Stages.Loop;
using Pipeline.Training.Losses;
using Pipeline.Training.Models;
using static TorchSharp.torch;
using Objective = Pipeline.Training.Losses.Dpo;

namespace Pipeline.Stages.Dpo;

// Axes used in this file:
//   pairs = of the micro-batch
//   rows  = chosen answers of all pairs, then the rejected ones
//   seq   = token positions after the one-step shift

/// <summary>The gradient of DPO's loss on the pairs of an optimizer step, added up over micro-batches.</summary>
/// <param name="policy">What learns; before the first step it is the reference.</param>
/// <param name="options">Beta, smoothing, micro-batches.</param>
/// <param name="device">Where the model lives.</param>
internal sealed class PreferenceLearning(LanguageModel policy, DpoOptions options, Device device)
{
    /// <summary>Notes what the policy says of the pairs as it is now. To be asked before a checkpoint is read.</summary>
    public IReadOnlyList<PolicyPair> WithReference(IReadOnlyList<PolicyPair> pairs)
    {
        var noted = new PolicyPair[pairs.Count];
        foreach (var part in InParts(pairs))
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            var (chosen, rejected) = LogProbs([.. part.Select(one => one.Pair)]);
            var (ofChosen, ofRejected) = (chosen.cpu().data<float>().ToArray(), rejected.cpu().data<float>().ToArray());
            for (var i = 0; i < part.Length; i++)
                noted[part[i].Index] = part[i].Pair with { ReferenceChosen = ofChosen[i], ReferenceRejected = ofRejected[i] };
        }
        return noted;
    }

    /// <summary>Runs the forward and backward passes.</summary>
    /// <param name="pairs">Of one optimizer step.</param>
    public PreferenceMetrics Backward(IReadOnlyList<PolicyPair> pairs) =>
        PreferenceMetrics.Sum(InParts(pairs).Select(part => MicroBatch([.. part.Select(one => one.Pair)], pairs.Count)));

    /// <summary>By how much each pair's chosen answer has gained on the rejected one since the beginning, in units of reward.</summary>
    public IReadOnlyList<double> Margins(IReadOnlyList<PolicyPair> pairs)
    {
        var margins = new double[pairs.Count];
        foreach (var part in InParts(pairs))
        {
            using var noGradient = no_grad();
            using var scope = NewDisposeScope();
            var (_, chosenRewards, rejectedRewards) = Loss([.. part.Select(one => one.Pair)]).Result;
            var found = (chosenRewards - rejectedRewards).to(ScalarType.Float64).cpu().data<double>().ToArray();
            for (var i = 0; i < part.Length; i++) margins[part[i].Index] = found[i];
        }
        return margins;
    }

    private PreferenceMetrics MicroBatch(PolicyPair[] pairs, int stepPairs)
    {
        using var scope = NewDisposeScope();
        var ((losses, chosenRewards, rejectedRewards), chosen, rejected) = Loss(pairs);
        var loss = losses.sum() / stepPairs;
        loss.backward();
        using var noGradient = no_grad();
        // One transfer from the device for all of them.
        var sums = (stack([
            loss, chosenRewards.sum() / stepPairs, rejectedRewards.sum() / stepPairs, (chosenRewards > rejectedRewards).to(ScalarType.Float32).sum() / stepPairs,
            chosen.sum() / stepPairs, rejected.sum() / stepPairs,
        ])).to(ScalarType.Float64).cpu().data<double>().ToArray();
        return new(sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]);
    }

    private ((Tensor Loss, Tensor ChosenRewards, Tensor RejectedRewards) Result, Tensor Chosen, Tensor Rejected) Loss(PolicyPair[] pairs)
    {
        var (chosen, rejected) = LogProbs(pairs);
        var (referenceChosen, referenceRejected) = (Of(pair => pair.ReferenceChosen), Of(pair => pair.ReferenceRejected));
        return (Objective.Of(chosen, rejected, referenceChosen, referenceRejected, options.Beta, options.LabelSmoothing), chosen, rejected);

        Tensor Of(Func<PolicyPair, float> value) => tensor(pairs.Select(value).ToArray(), device: device);
    }

    /// <returns>[pairs] each: the log-probability of the whole answer.</returns>
    private (Tensor Chosen, Tensor Rejected) LogProbs(PolicyPair[] pairs)
    {
        using var scope = NewDisposeScope();
        // One forward pass for both sides.
        var batch = ShiftedBatch.Of([.. pairs.Select(pair => pair.Chosen), .. pairs.Select(pair => pair.Rejected)], device);
        var (logProbs, _) = ChunkedTokenLogProbs.Of(policy.HiddenStates(batch.Inputs), policy.OutputWeight, batch.Targets, batch.Mask);
        var answers = logProbs.sum(-1);                                                  // [rows]
        return scope.MoveToOuter(answers.narrow(0, 0, pairs.Length), answers.narrow(0, pairs.Length, pairs.Length));
    }

    /// <summary>Pairs of like length share a micro-batch, so that little of it is padding.</summary>
    private IEnumerable<(PolicyPair Pair, int Index)[]> InParts(IReadOnlyList<PolicyPair> pairs) =>
        pairs.Select((pair, index) => (Pair: pair, Index: index)).OrderBy(one => one.Pair.Longest).Chunk(options.MicroBatchSize);
}
