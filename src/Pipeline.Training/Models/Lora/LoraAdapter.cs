using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Training.Models.Lora;

/// <summary>
/// What is trained in place of a model's own weights, which are frozen: a pair of small matrices beside each of some linear layers
/// (LoRA, arXiv:2106.09685). Several adapters can share one model; one at a time is in use.
/// </summary>
/// <remarks>
/// A is drawn uniformly from +-1 / sqrt(inputs), as in the authors' code and PEFT (Kaiming's with a = sqrt(5); the paper says
/// Gaussian), B is zero: at first the model is what it was. The score of a reward model is new, so it is trained whole.
/// </remarks>
public sealed class LoraAdapter : IDisposable
{
    private readonly nn.Module _model;
    private readonly LoraSettings _settings;
    private readonly List<(string Name, Projection Layer, LoraPair Pair)> _pairs = [];
    private readonly Dictionary<string, Parameter> _weights = [];
    private readonly LoraDropout? _dropout;

    /// <summary>Freezes a model and puts a fresh adapter into use.</summary>
    /// <param name="model">The base; stays the caller's.</param>
    /// <param name="settings">Rank, alpha, targets, dropout.</param>
    /// <param name="seed">Of A, and of what dropout leaves out.</param>
    /// <exception cref="TrainingException">The model has no layer of one of the targets.</exception>
    public LoraAdapter(nn.Module model, LoraSettings settings, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        (_model, _settings) = (model, settings);
        _dropout = settings.Dropout > 0 ? new LoraDropout(settings.Dropout, seed) : null;
        foreach (var weight in model.parameters()) weight.requires_grad = false;
        using var generator = new Generator(seed);
        foreach (var (name, layer) in LayersOf(model, settings.Targets))
        {
            var (outputs, inputs, device) = (layer.Weight.shape[0], layer.Weight.shape[1], layer.Weight.device);
            var bound = 1 / Math.Sqrt(inputs);
            Add(name, layer,
                empty([settings.Rank, inputs], ScalarType.Float32).uniform_(-bound, bound, generator).to(device), // drawn on the CPU: the same everywhere
                zeros([outputs, settings.Rank], ScalarType.Float32, device), learns: true);
        }
        if (model is SequenceClassifier classifier)
        {
            classifier.Score.Weight.requires_grad = true;
            _weights[SequenceClassifier.ScoreName + ".weight"] = classifier.Score.Weight;
        }
        foreach (var transformer in model.modules().OfType<Transformer>()) transformer.LoraDropout = _dropout;
        Attach();
    }

    /// <summary>A frozen adapter with the values of another, beside it on the same model; not in use.</summary>
    private LoraAdapter(LoraAdapter other)
    {
        using var noGradient = no_grad();
        (_model, _settings) = (other._model, other._settings);
        foreach (var (name, layer, pair) in other._pairs) Add(name, layer, pair.Down.clone(), pair.Up.clone(), learns: false);
    }

    /// <summary>All that is trained, by name; the tensors themselves.</summary>
    public IReadOnlyDictionary<string, Parameter> Weights => _weights;

    internal LoraSettings Settings => _settings;

    /// <summary>Whether the model is one that scores rows, whose score is part of the adapter.</summary>
    internal bool HasScore => _model is SequenceClassifier;

    /// <summary>An adapter as this one is now, frozen and not in use: a reference policy that shares the base.</summary>
    public LoraAdapter Copy() => new(this);

    /// <summary>Puts this adapter into use in place of the one that is, until the result is disposed.</summary>
    public IDisposable Use()
    {
        var before = _pairs.Select(one => one.Layer.Adapter).ToList();
        Attach();
        return new Restored(() =>
        {
            foreach (var ((_, layer, _), pair) in _pairs.Zip(before)) layer.Adapter = pair;
        });
    }

    /// <summary>Tells dropout that a step begins: what it leaves out depends on the step and on nothing before it.</summary>
    public void BeginStep(long step) => _dropout?.BeginStep(step);

    /// <summary>Adds the pairs to the model's own weights and takes them out of use: the model is then one without adapter.</summary>
    public void Merge()
    {
        foreach (var (_, layer, pair) in _pairs)
        {
            pair.MergeInto(layer.Weight);
            layer.Adapter = null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, layer, pair) in _pairs)
        {
            if (layer.Adapter == pair) layer.Adapter = null;
            pair.Down.Dispose();
            pair.Up.Dispose();
        }
    }

    private void Attach()
    {
        foreach (var (_, layer, pair) in _pairs) layer.Adapter = pair;
    }

    private void Add(string name, Projection layer, Tensor down, Tensor up, bool learns)
    {
        var pair = new LoraPair(new Parameter(down, learns), new Parameter(up, learns), _settings.Alpha / _settings.Rank, _dropout, _pairs.Count);
        pair.Down.DetachFromDisposeScope(); // an adapter outlives the scope it was built in
        pair.Up.DetachFromDisposeScope();
        _pairs.Add((name, layer, pair));
        (_weights[name + PeftNames.Down], _weights[name + PeftNames.Up]) = (pair.Down, pair.Up);
    }

    private static IEnumerable<(string Name, Projection Layer)> LayersOf(nn.Module model, IReadOnlyList<string> targets)
    {
        var layers = model.named_modules().Where(one => one.module is Projection).Select(one => (one.name, (Projection)one.module)).ToList();
        foreach (var target in targets)
            if (!layers.Exists(one => LastPart(one.name) == target))
                throw new TrainingException(TrainingErrors.Unsupported,
                    $"No linear layer is called {target}; there are {string.Join(", ", layers.Select(one => LastPart(one.name)).Distinct().Order(StringComparer.Ordinal))}.");
        return layers.Where(one => targets.Contains(LastPart(one.name)));
    }

    private static string LastPart(string name) => name[(name.LastIndexOf('.') + 1)..];

    private sealed class Restored(Action restore) : IDisposable
    {
        public void Dispose() => restore();
    }
}
