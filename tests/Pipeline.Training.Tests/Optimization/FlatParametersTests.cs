using Pipeline.Training.Models;
using Pipeline.Training.Optimization;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Optimization;

public sealed class FlatParametersTests
{
    [Test]
    public void Parameters_AfterBeingMadeFlat_AreViewsOfTheBuffers()
    {
        using var scope = NewDisposeScope();
        using var model = new LanguageModel(new() { VocabSize = 5, HiddenSize = 4, IntermediateSize = 6, Layers = 1, Heads = 2 }, seed: 1);
        var before = ModelWeights.Of(model).ToDictionary(w => w.Key, w => w.Value.clone());
        using var flat = new FlatParameters(model);
        foreach (var (name, weight) in ModelWeights.Of(model)) Assert.That(weight.eq(before[name]).all().item<bool>(), Is.True, name);

        flat.Values.zero_();
        Assert.That(ModelWeights.Of(model).Values.All(w => w.count_nonzero().item<long>() == 0), Is.True);
        model.call(zeros([1, 2], ScalarType.Int64)).sum().backward();
        flat.Gradients.fill_(3);
        Assert.That(ModelWeights.Of(model).Values.All(w => w.grad!.eq(3).all().item<bool>()), Is.True);
    }

    [Test]
    public void GradientNorm_WhereOneGradientIsNotANumber_IsNotOneEither()
    {
        using var model = new LanguageModel(new() { VocabSize = 5, HiddenSize = 4, IntermediateSize = 6, Layers = 1, Heads = 2 }, seed: 1);
        using var flat = new FlatParameters(model);
        flat.Gradients.narrow(0, 3, 1).fill_(float.NaN);
        Assert.That(flat.GradientNorm(), Is.NaN);
    }

    [TestCase(ScheduleShape.Constant, 0, 0.25)]  // warm-up over four steps: 1/4 of the peak, 2/4, 3/4, 4/4
    [TestCase(ScheduleShape.Constant, 3, 1.0)]
    [TestCase(ScheduleShape.Constant, 13, 1.0)]
    [TestCase(ScheduleShape.Linear, 9, 0.55)]    // half way down from 1 to 0.1
    [TestCase(ScheduleShape.Cosine, 9, 0.55)]
    [TestCase(ScheduleShape.Cosine, 14, 0.1)]    // past the end it stays
    [TestCase(ScheduleShape.Linear, 99, 0.1)]
    public void Schedule_OfFourWarmupAndTenFallingSteps_IsAt(ScheduleShape shape, int step, double share) =>
        Assert.That(new LearningRateSchedule(shape, Peak: 2, TotalSteps: 14, WarmupSteps: 4, MinRatio: 0.1).At(step), Is.EqualTo(2 * share).Within(1e-12));
}
