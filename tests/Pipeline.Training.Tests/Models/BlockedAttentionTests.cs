using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Models;

/// <summary>Against libtorch's own attention, with key and value heads repeated for it.</summary>
public sealed class BlockedAttentionTests
{
    [TestCase(5, 4, 2, false)]    // less than a block
    [TestCase(128, 2, 2, false)]  // exactly one
    [TestCase(300, 4, 1, false)]  // two and a part
    [TestCase(300, 4, 2, true)]   // documents of 100 positions end to end
    public void Of_AnyLength_HasTheOutputAndGradientsOfTheFlashKernel(int seq, int heads, int kvHeads, bool isPacked)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var query = randn([2, heads, seq, 6], generator: generator).requires_grad_();
        var key = randn([2, kvHeads, seq, 6], generator: generator).requires_grad_();
        var value = randn([2, kvHeads, seq, 6], generator: generator).requires_grad_();
        var gradient = randn([2, heads, seq, 6], generator: generator);
        var document = arange(seq, ScalarType.Int64).div(100, RoundingMode.floor);
        var mask = isPacked ? document.unsqueeze(-1).eq(document).tril().expand(2, 1, seq, seq) : null;

        Tensor Shared(Tensor heads_) => heads_.repeat_interleave(heads / kvHeads, dim: 1);
        var expected = Of(() => nn.functional.scaled_dot_product_attention(query, Shared(key), Shared(value), mask, is_casual: mask is null));
        var actual = Of(() => BlockedAttention.Of(query, key, value, mask));
        foreach (var (found, wanted) in actual.Zip(expected)) Assert.That(Reference.Difference(found, wanted), Is.LessThan(2e-6));

        Tensor[] Of(Func<Tensor> attention)
        {
            foreach (var input in (Tensor[])[query, key, value]) input.grad = null;
            var output = attention();
            output.backward([gradient]);
            return [output, query.grad!, key.grad!, value.grad!];
        }
    }
}
