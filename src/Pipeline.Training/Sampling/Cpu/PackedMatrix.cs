using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Pipeline.Training.Sampling.Cpu;

// Axes used in this file:
//   inputs, outputs = of the linear layer
//   panel           = 32 neighbouring outputs: two vectors of 16
//   rows            = tokens that are fed at once

/// <summary>
/// The weights of a linear layer in the order in which they are read: panel by panel, in a panel input by input. Each
/// output is the sum over the inputs in their order, whatever the number of rows or threads; so a row's result is the same
/// to the bit in any company.
/// </summary>
/// <remarks>
/// The kernel holds a tile of 8 rows x 32 outputs in 16 registers: an input costs 2 loads of weights, 8 broadcasts and 16
/// multiply-adds. One row alone is bound by the memory that the weights come from.
/// </remarks>
internal sealed unsafe class PackedMatrix : IDisposable
{
    public const int Panel = 32;
    private const int Half = Panel / 2, RowsPerTask = 64;

    private readonly NativeFloats _weights; // [panels, inputs, 32]
    private readonly NativeFloats? _bias;   // [panels * 32]
    private readonly int _inputs, _panels;

    /// <param name="weights">[outputs, inputs] each; stacked. Copied.</param>
    /// <param name="biases">[outputs] each, or null.</param>
    /// <param name="crew">Who copies.</param>
    public PackedMatrix(IReadOnlyList<Tensor> weights, IReadOnlyList<Tensor>? biases, Crew crew)
    {
        using var scope = NewDisposeScope();
        var stacked = weights.Count == 1 ? weights[0] : cat([.. weights], 0);
        var plain = stacked.detach().to(ScalarType.Float32).contiguous();
        Outputs = (int)plain.shape[0];
        _inputs = (int)plain.shape[1];
        _panels = (Outputs + Panel - 1) / Panel;
        _weights = new NativeFloats((long)_panels * _inputs * Panel);
        fixed (byte* source = plain.bytes)
        {
            var from = (nint)source;
            crew.Run(_panels, panel => Pack((float*)from, panel));
        }
        if (biases is null) return;
        _bias = new NativeFloats(PaddedOutputs);
        var bias = new Span<float>(_bias.Pointer, PaddedOutputs);
        bias.Clear();
        MemoryMarshal.Cast<byte, float>(cat([.. biases.Select(one => one.detach().to(ScalarType.Float32))], 0).bytes).CopyTo(bias);
    }

    public int Outputs { get; }

    /// <summary>Outputs with those that fill the last panel, which are 0: what a row of results needs room for.</summary>
    public int PaddedOutputs => _panels * Panel;

    public void Dispose()
    {
        _weights.Dispose();
        _bias?.Dispose();
    }

    /// <summary>Writes the product of each row with the weights, plus the bias, or adds it to what is there.</summary>
    /// <param name="input">[rows, inputs].</param>
    /// <param name="output">[rows, padded outputs].</param>
    /// <param name="rows">Rows.</param>
    /// <param name="crew">Who shares the work.</param>
    /// <param name="add">Whether to add: a residual stream.</param>
    /// <param name="inputStride">Floats from one input row to the next.</param>
    public void Multiply(float* input, int inputStride, float* output, int rows, Crew crew, bool add = false)
    {
        // Neighbouring tasks read the same panel, which the first of them has brought into the cache.
        var chunks = (rows + RowsPerTask - 1) / RowsPerTask;
        crew.Run(_panels * chunks, task =>
        {
            var (panel, first) = (task / chunks, task % chunks * RowsPerTask);
            MultiplyPanel(panel, input + (long)first * inputStride, inputStride, output + (long)first * PaddedOutputs, Math.Min(RowsPerTask, rows - first), add);
        });
    }

    /// <summary>As <see cref="Multiply"/>, one panel and some rows of it, by the calling thread.</summary>
    public void MultiplyPanel(int panel, float* input, int inputStride, float* output, int rows, bool add)
    {
        var weights = _weights.Pointer + (long)panel * _inputs * Panel;
        output += panel * Panel;
        Begin(panel, output, rows, add);
        var row = 0;
        for (; row + 8 <= rows; row += 8) EightRows(input + (long)row * inputStride, inputStride, weights, output + (long)row * PaddedOutputs);
        for (; row + 4 <= rows; row += 4) FourRows(input + (long)row * inputStride, inputStride, weights, output + (long)row * PaddedOutputs);
        for (; row < rows; row++) OneRow(input + (long)row * inputStride, weights, output + (long)row * PaddedOutputs);
    }

    private void Begin(int panel, float* output, int rows, bool add)
    {
        if (add) return;
        for (var row = 0; row < rows; row++)
        {
            var to = new Span<float>(output + (long)row * PaddedOutputs, Panel);
            if (_bias is null) to.Clear();
            else new ReadOnlySpan<float>(_bias.Pointer + panel * Panel, Panel).CopyTo(to);
        }
    }

    private void OneRow(float* x, float* w, float* output)
    {
        var a0 = Vector512.Load(output);
        var a1 = Vector512.Load(output + Half);
        for (var end = x + _inputs; x < end; x++, w += Panel)
        {
            var one = Vector512.Create(*x);
            a0 = Vector512.FusedMultiplyAdd(one, Vector512.Load(w), a0);
            a1 = Vector512.FusedMultiplyAdd(one, Vector512.Load(w + Half), a1);
        }
        a0.Store(output);
        a1.Store(output + Half);
    }

    private void FourRows(float* x0, int stride, float* w, float* output)
    {
        float* x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride;
        var (o0, o1, o2, o3) = ((nint)output, (nint)(output + PaddedOutputs), (nint)(output + 2 * PaddedOutputs), (nint)(output + 3 * PaddedOutputs));
        Vector512<float> a0 = Load(o0), a1 = Load(o1), a2 = Load(o2), a3 = Load(o3);
        Vector512<float> b0 = LoadHalf(o0), b1 = LoadHalf(o1), b2 = LoadHalf(o2), b3 = LoadHalf(o3);
        for (var k = 0; k < _inputs; k++, w += Panel)
        {
            var (wa, wb) = (Vector512.Load(w), Vector512.Load(w + Half));
            var x = Vector512.Create(x0[k]);
            a0 = Vector512.FusedMultiplyAdd(x, wa, a0);
            b0 = Vector512.FusedMultiplyAdd(x, wb, b0);
            x = Vector512.Create(x1[k]);
            a1 = Vector512.FusedMultiplyAdd(x, wa, a1);
            b1 = Vector512.FusedMultiplyAdd(x, wb, b1);
            x = Vector512.Create(x2[k]);
            a2 = Vector512.FusedMultiplyAdd(x, wa, a2);
            b2 = Vector512.FusedMultiplyAdd(x, wb, b2);
            x = Vector512.Create(x3[k]);
            a3 = Vector512.FusedMultiplyAdd(x, wa, a3);
            b3 = Vector512.FusedMultiplyAdd(x, wb, b3);
        }
        Store(o0, a0, b0);
        Store(o1, a1, b1);
        Store(o2, a2, b2);
        Store(o3, a3, b3);
    }

    private void EightRows(float* x0, int stride, float* w, float* output)
    {
        float* x1 = x0 + stride, x2 = x1 + stride, x3 = x2 + stride, x4 = x3 + stride, x5 = x4 + stride, x6 = x5 + stride, x7 = x6 + stride;
        nint o0 = (nint)output, step = (nint)PaddedOutputs * sizeof(float);
        nint o1 = o0 + step, o2 = o1 + step, o3 = o2 + step, o4 = o3 + step, o5 = o4 + step, o6 = o5 + step, o7 = o6 + step;
        Vector512<float> a0 = Load(o0), a1 = Load(o1), a2 = Load(o2), a3 = Load(o3), a4 = Load(o4), a5 = Load(o5), a6 = Load(o6), a7 = Load(o7);
        Vector512<float> b0 = LoadHalf(o0), b1 = LoadHalf(o1), b2 = LoadHalf(o2), b3 = LoadHalf(o3),
            b4 = LoadHalf(o4), b5 = LoadHalf(o5), b6 = LoadHalf(o6), b7 = LoadHalf(o7);
        for (var k = 0; k < _inputs; k++, w += Panel)
        {
            var (wa, wb) = (Vector512.Load(w), Vector512.Load(w + Half));
            var x = Vector512.Create(x0[k]);
            a0 = Vector512.FusedMultiplyAdd(x, wa, a0);
            b0 = Vector512.FusedMultiplyAdd(x, wb, b0);
            x = Vector512.Create(x1[k]);
            a1 = Vector512.FusedMultiplyAdd(x, wa, a1);
            b1 = Vector512.FusedMultiplyAdd(x, wb, b1);
            x = Vector512.Create(x2[k]);
            a2 = Vector512.FusedMultiplyAdd(x, wa, a2);
            b2 = Vector512.FusedMultiplyAdd(x, wb, b2);
            x = Vector512.Create(x3[k]);
            a3 = Vector512.FusedMultiplyAdd(x, wa, a3);
            b3 = Vector512.FusedMultiplyAdd(x, wb, b3);
            x = Vector512.Create(x4[k]);
            a4 = Vector512.FusedMultiplyAdd(x, wa, a4);
            b4 = Vector512.FusedMultiplyAdd(x, wb, b4);
            x = Vector512.Create(x5[k]);
            a5 = Vector512.FusedMultiplyAdd(x, wa, a5);
            b5 = Vector512.FusedMultiplyAdd(x, wb, b5);
            x = Vector512.Create(x6[k]);
            a6 = Vector512.FusedMultiplyAdd(x, wa, a6);
            b6 = Vector512.FusedMultiplyAdd(x, wb, b6);
            x = Vector512.Create(x7[k]);
            a7 = Vector512.FusedMultiplyAdd(x, wa, a7);
            b7 = Vector512.FusedMultiplyAdd(x, wb, b7);
        }
        Store(o0, a0, b0);
        Store(o1, a1, b1);
        Store(o2, a2, b2);
        Store(o3, a3, b3);
        Store(o4, a4, b4);
        Store(o5, a5, b5);
        Store(o6, a6, b6);
        Store(o7, a7, b7);
    }

    private static Vector512<float> Load(nint at) => Vector512.Load((float*)at);

    private static Vector512<float> LoadHalf(nint at) => Vector512.Load((float*)at + Half);

    private static void Store(nint at, Vector512<float> first, Vector512<float> second)
    {
        first.Store((float*)at);
        second.Store((float*)at + Half);
    }

    private void Pack(float* source, int panel)
    {
        var to = _weights.Pointer + (long)panel * _inputs * Panel;
        var real = Math.Min(Panel, Outputs - panel * Panel);
        var from = source + (long)panel * Panel * _inputs;
        if (real < Panel) new Span<float>(to, _inputs * Panel).Clear();
        for (var k = 0; k < _inputs; k++)
            for (var output = 0; output < real; output++)
                to[(long)k * Panel + output] = from[(long)output * _inputs + k];
    }
}
