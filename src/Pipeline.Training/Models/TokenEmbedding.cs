using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>A vector for each token id.</summary>
/// <remarks>
/// TorchSharp's own either draws from the process-wide generator or, made from given rows, computes with other rows
/// than the parameter it shows.
/// </remarks>
internal sealed class TokenEmbedding : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")] private readonly Parameter _weight;

    public TokenEmbedding(long vocab, long hidden, Device device) : base(nameof(TokenEmbedding))
    {
        _weight = new Parameter(zeros([vocab, hidden], ScalarType.Float32, device));
        RegisterComponents();
    }

    /// <summary>[vocab, hidden].</summary>
    public Parameter Weight => _weight;

    /// <param name="tokens">[batch, seq], int64.</param>
    /// <returns>[batch, seq, hidden].</returns>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        return _weight.index_select(0, tokens.reshape(-1)).view(tokens.shape[0], tokens.shape[1], -1).MoveToOuterDisposeScope();
    }
}
