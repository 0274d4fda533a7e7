using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Training.Storage;
using static TorchSharp.torch;

namespace Pipeline.Training.Safetensors;

/// <summary>Named tensors in one file, in the format of Hugging Face.</summary>
public static class SafetensorsFile
{
    private const long ElementsAtOnce = 1 << 22; // a span ends at 2 GB; and a piece is what a conversion holds twice

    /// <summary>All tensors of a file, on the CPU, in the caller's dispose scope.</summary>
    /// <exception cref="TrainingException">The file is missing, truncated, contradicts itself, or has a type that is not supported.</exception>
    public static Dictionary<string, Tensor> Read(string path)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor>();
        foreach (var stored in Locate(path))
        {
            var tensor = empty(stored.Entry.Shape, stored.Entry.Type);
            stored.CopyTo(tensor);
            tensors.Add(stored.Entry.Name, tensor.MoveToOuterDisposeScope());
        }
        return tensors;
    }

    /// <summary>Where the tensors of a file lie, without reading them.</summary>
    /// <exception cref="TrainingException">As for <see cref="Read"/>.</exception>
    internal static IReadOnlyList<StoredTensor> Locate(string path)
    {
        if (!File.Exists(path)) throw new TrainingException(TrainingErrors.NotFound, $"{path} does not exist.");
        using var file = File.OpenRead(path);
        return [.. SafetensorsHeader.Read(file, path).Select(entry => new StoredTensor(path, entry))];
    }

    /// <summary>Writes a file that is there whole or not at all.</summary>
    /// <exception cref="TrainingException">The disk is full.</exception>
    public static void Write(string path, IReadOnlyDictionary<string, Tensor> tensors) =>
        DurableFile.Write(path, stream => Write(stream, tensors));

    /// <param name="stream">Where to.</param>
    /// <param name="tensors">By name.</param>
    /// <param name="type">What they are converted to, a piece at a time; null to write each as it is.</param>
    internal static void Write(Stream stream, IReadOnlyDictionary<string, Tensor> tensors, ScalarType? type = null)
    {
        // transformers refuses a file that does not say which framework's layout it has.
        var header = new JsonObject { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
        // Wide types first keeps every tensor aligned to its element; the names make the bytes repeatable.
        var ordered = tensors.OrderByDescending(t => SafetensorsDtype.Size(type ?? t.Value.dtype)).ThenBy(t => t.Key, StringComparer.Ordinal).ToList();
        long offset = 0;
        foreach (var (name, tensor) in ordered)
        {
            var end = offset + tensor.numel() * SafetensorsDtype.Size(type ?? tensor.dtype);
            header[name] = new JsonObject
            {
                ["dtype"] = SafetensorsDtype.Name(type ?? tensor.dtype),
                ["shape"] = new JsonArray([.. tensor.shape.Select(d => (JsonNode)d)]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var padding = (8 - json.Length % 8) % 8; // the tensors begin on a multiple of eight
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)(json.Length + padding));
        stream.Write(prefix);
        stream.Write(json);
        for (var i = 0; i < padding; i++) stream.WriteByte((byte)' ');

        foreach (var (_, tensor) in ordered)
        {
            using var scope = NewDisposeScope();
            foreach (var piece in Pieces(tensor.detach().cpu().contiguous()))
            {
                using var pieceScope = NewDisposeScope();
                stream.Write(piece.to(type ?? tensor.dtype).bytes);
            }
        }
    }

    /// <summary>The elements of a contiguous tensor as flat views, each small enough for a span.</summary>
    private static IEnumerable<Tensor> Pieces(Tensor tensor)
    {
        using var flat = tensor.view(-1);
        for (long start = 0; start < flat.numel(); start += ElementsAtOnce)
        {
            using var piece = flat.narrow(0, start, Math.Min(ElementsAtOnce, flat.numel() - start));
            yield return piece;
        }
    }
}
