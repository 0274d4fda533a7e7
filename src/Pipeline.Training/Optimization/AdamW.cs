using static TorchSharp.torch;

namespace Pipeline.Training.Optimization;

/// <summary>Adam with decoupled weight decay (arXiv:1711.05101), on the flat buffers of <see cref="FlatParameters"/>.</summary>
/// <remarks>The same order of operations as torch.optim.AdamW, whose numbers the tests hold it to.</remarks>
public sealed class AdamW : IDisposable
{
    private const string FirstMomentPrefix = "first_moment.";
    private const string SecondMomentPrefix = "second_moment.";
    private const string StepsName = "steps";

    private readonly FlatParameters _parameters;
    private readonly AdamWOptions _options;
    private readonly Tensor _firstMoment;
    private readonly Tensor _secondMoment;

    /// <param name="parameters">What is optimized; stays the caller's to dispose.</param>
    /// <param name="options">Fixed settings.</param>
    public AdamW(FlatParameters parameters, AdamWOptions options)
    {
        (_parameters, _options) = (parameters, options);
        _firstMoment = parameters.Values.zeros_like().DetachFromDisposeScope();
        _secondMoment = parameters.Values.zeros_like().DetachFromDisposeScope();
    }

    /// <summary>Updates made so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Moves the parameters by one update along the accumulated gradients, which stay as they are.</summary>
    /// <param name="learningRate">Of this step, as a schedule gives it.</param>
    public void Step(double learningRate)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Steps++;
        var (values, gradients) = (_parameters.Values, _parameters.Gradients);
        if (_options.WeightDecay != 0)
            values.narrow(0, 0, _parameters.DecayedLength).mul_(1 - learningRate * _options.WeightDecay);

        _firstMoment.mul_(_options.Beta1).add_(gradients, 1 - _options.Beta1);
        _secondMoment.mul_(_options.Beta2).addcmul_(gradients, gradients, 1 - _options.Beta2);
        // Both moments begin at zero and are too small by these factors at first.
        var firstCorrection = 1 - Math.Pow(_options.Beta1, Steps);
        var secondCorrection = 1 - Math.Pow(_options.Beta2, Steps);
        var denominator = _secondMoment.sqrt().div_(Math.Sqrt(secondCorrection)).add_(_options.Epsilon);
        values.addcdiv_(_firstMoment, denominator, -learningRate / firstCorrection);
    }

    /// <summary>All that the next step depends on, by name, as views in the caller's dispose scope.</summary>
    public IReadOnlyDictionary<string, Tensor> State()
    {
        var state = new Dictionary<string, Tensor> { [StepsName] = tensor(Steps) };
        foreach (var (name, view) in _parameters.Named(_firstMoment)) state[FirstMomentPrefix + name] = view;
        foreach (var (name, view) in _parameters.Named(_secondMoment)) state[SecondMomentPrefix + name] = view;
        return state;
    }

    /// <summary>Takes up a state that <see cref="State"/> gave.</summary>
    /// <exception cref="TrainingException">A tensor is missing or of another shape: the state belongs to another model.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor> state)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var steps = Find(StepsName, []).item<long>();
        foreach (var (name, view) in _parameters.Named(_firstMoment)) view.copy_(Find(FirstMomentPrefix + name, view.shape));
        foreach (var (name, view) in _parameters.Named(_secondMoment)) view.copy_(Find(SecondMomentPrefix + name, view.shape));
        Steps = steps;

        Tensor Find(string name, long[] shape) =>
            state.TryGetValue(name, out var found) && found.shape.SequenceEqual(shape) ? found
                : throw new TrainingException(TrainingErrors.WrongTensors,
                    $"Optimizer state: tensor {name} [{string.Join(", ", shape)}] is missing or of another shape. The checkpoint belongs to another model.");
    }

    public void Dispose()
    {
        _firstMoment.Dispose();
        _secondMoment.Dispose();
    }
}
