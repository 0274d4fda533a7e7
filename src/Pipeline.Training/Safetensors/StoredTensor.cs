using TorchSharp;
using static TorchSharp.torch;

namespace Pipeline.Training.Safetensors;

/// <summary>A tensor that still lies in its file.</summary>
/// <param name="File">The file's path.</param>
/// <param name="Entry">Where it lies there.</param>
internal sealed record StoredTensor(string File, SafetensorsEntry Entry)
{
    private const long ElementsAtOnce = 1 << 20; // a few MB: what reading needs beside the tensor itself

    /// <summary>Reads it into a tensor of the same shape, a piece at a time, to that tensor's type and device.</summary>
    /// <param name="target">Contiguous.</param>
    public void CopyTo(Tensor target)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        using var file = System.IO.File.OpenRead(File);
        file.Position = Entry.Offset;
        var flat = target.view(-1);
        for (long start = 0; start < flat.numel(); start += ElementsAtOnce)
        {
            using var pieceScope = NewDisposeScope();
            var place = flat.narrow(0, start, Math.Min(ElementsAtOnce, flat.numel() - start));
            var isAsStored = target.dtype == Entry.Type && target.device.type == DeviceType.CPU;
            var piece = isAsStored ? place : empty([place.numel()], Entry.Type);
            file.ReadExactly(piece.bytes);
            if (!isAsStored) place.copy_(piece);
        }
    }
}
