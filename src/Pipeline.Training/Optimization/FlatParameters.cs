using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Pipeline.Training.Optimization;

/// <summary>
/// The parameters of a model laid end to end in one buffer, and their gradients in another: the parameters and their
/// <c>grad</c> become views, so that clipping, AdamW and a copy are a few large kernels instead of a few per parameter.
/// </summary>
/// <remarks>
/// Backward passes add into the gradient views, so gradients of several micro-batches accumulate by themselves until
/// <see cref="ZeroGradients"/>. Matrices come first, then vectors (norms and biases), which take no weight decay.
/// A model may be made flat once, and its <c>grad</c>s must not be replaced or set to none afterwards.
/// </remarks>
public sealed class FlatParameters : IDisposable
{
    private const int Alignment = 16; // floats: each parameter starts on a cache line, as the matrix kernels like it

    private readonly List<(string Name, long[] Shape, long Offset)> _layout = [];

    /// <param name="model">Its parameters are moved into the flat buffer; their values stay.</param>
    public FlatParameters(nn.Module model) : this(model.named_parameters())
    {
    }

    /// <param name="trained">By name; what else a model has stays where it is.</param>
    public FlatParameters(IEnumerable<(string name, Parameter parameter)> trained)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var parameters = trained.OrderBy(p => p.parameter.Dimensions > 1 ? 0 : 1).ToList();
        long offset = 0;
        foreach (var (name, parameter) in parameters)
        {
            _layout.Add((name, parameter.shape, offset));
            offset += (parameter.numel() + Alignment - 1) / Alignment * Alignment;
            if (parameter.Dimensions > 1) DecayedLength = offset;
        }

        var device = parameters[0].parameter.device;
        Values = zeros([offset], ScalarType.Float32, device).DetachFromDisposeScope();
        Gradients = zeros([offset], ScalarType.Float32, device).DetachFromDisposeScope();
        foreach (var ((_, parameter), (_, shape, start)) in parameters.Zip(_layout))
        {
            var view = View(Values, shape, start);
            view.copy_(parameter);
            parameter.set_(view);
            parameter.grad = View(Gradients, shape, start);
        }
    }

    /// <summary>[length], float32: all parameters, matrices first. The gaps between them, for alignment, are zero.</summary>
    public Tensor Values { get; }

    /// <summary>[length], float32: their gradients, in the same places.</summary>
    public Tensor Gradients { get; }

    /// <summary>How many elements at the start belong to matrices, to which weight decay applies.</summary>
    public long DecayedLength { get; }

    /// <summary>Forgets the accumulated gradients.</summary>
    public void ZeroGradients() => Gradients.zero_();

    /// <summary>The joint L2 norm of the gradients; NaN or infinite where one of them is.</summary>
    public double GradientNorm()
    {
        using var norm = Gradients.norm();
        return norm.item<float>();
    }

    /// <summary>Scales the gradients down so that their joint norm is at most <paramref name="maximum"/>.</summary>
    /// <param name="norm">What <see cref="GradientNorm"/> gave; finite.</param>
    /// <param name="maximum">Infinite to leave them as they are.</param>
    public void ClipGradients(double norm, double maximum)
    {
        // The epsilon is torch.nn.utils.clip_grad_norm_'s.
        if (norm > maximum) Gradients.mul_(maximum / (norm + 1e-6));
    }

    /// <summary>The pieces of a flat buffer by parameter name, as views of the parameters' shapes in the caller's dispose scope.</summary>
    /// <param name="flat">[length], laid out as <see cref="Values"/>.</param>
    public IEnumerable<(string Name, Tensor View)> Named(Tensor flat) =>
        _layout.Select(p => (p.Name, View(flat, p.Shape, p.Offset)));

    public void Dispose()
    {
        Values.Dispose();
        Gradients.Dispose();
    }

    private static Tensor View(Tensor flat, long[] shape, long start) =>
        flat.narrow(0, start, shape.Aggregate(1L, (product, d) => product * d)).view(shape);
}
