using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace Pipeline.Training.Safetensors;

/// <summary>Where a tensor lies in a file.</summary>
/// <param name="Name">As in the checkpoint.</param>
/// <param name="Type">Of its elements.</param>
/// <param name="Shape">Its axes.</param>
/// <param name="Offset">First byte, from the start of the file.</param>
/// <param name="Length">Bytes.</param>
internal sealed record SafetensorsEntry(string Name, ScalarType Type, long[] Shape, long Offset, long Length);

/// <summary>
/// The table of contents of a safetensors file: eight bytes of length, a JSON object, then the tensors' bytes,
/// little-endian, in the order of their offsets and without holes. https://github.com/huggingface/safetensors
/// </summary>
internal static class SafetensorsHeader
{
    private const long LargestHeader = 100_000_000; // the limit of the reference implementation

    /// <exception cref="TrainingException">The header is truncated, not JSON, or describes tensors that overlap or do not fill the file.</exception>
    public static IReadOnlyList<SafetensorsEntry> Read(Stream file, string path)
    {
        Span<byte> prefix = stackalloc byte[8];
        if (file.Length < 8) throw Bad(path, $"it has {file.Length} bytes; the header alone takes 8. The file is truncated.");
        file.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LargestHeader) throw Bad(path, $"it claims a header of {length} bytes. It is no safetensors file, or damaged.");
        if (8 + (long)length > file.Length) throw Bad(path, $"its header should take {length} bytes, but the file ends after {file.Length}. The file is truncated.");

        var json = new byte[length];
        file.ReadExactly(json);
        try
        {
            using var document = JsonDocument.Parse(json);
            var entries = document.RootElement.EnumerateObject().Where(p => p.Name != "__metadata__")
                .Select(p => Entry(p.Name, p.Value, 8 + (long)length, path)).OrderBy(e => e.Offset).ThenBy(e => e.Length).ToList();
            RequireNoHoles(entries, 8 + (long)length, file.Length, path);
            return entries;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw new TrainingException(TrainingErrors.BadSafetensors, $"{path}: the header is not valid: {e.Message}", e);
        }
    }

    private static SafetensorsEntry Entry(string name, JsonElement json, long dataStart, string path)
    {
        var dtype = json.GetProperty("dtype").GetString() ?? "";
        var type = SafetensorsDtype.Parse(dtype)
            ?? throw Bad(path, $"tensor {name} has dtype {dtype}; supported are {SafetensorsDtype.Supported}.");
        var shape = json.GetProperty("shape").EnumerateArray().Select(d => d.GetInt64()).ToArray();
        var offsets = json.GetProperty("data_offsets");
        var (begin, end) = (offsets[0].GetInt64(), offsets[1].GetInt64());
        var expected = shape.Aggregate(SafetensorsDtype.Size(type), (product, d) => checked(product * d));
        if (shape.Any(d => d < 0) || begin < 0 || end - begin != expected)
            throw Bad(path, $"tensor {name} of {dtype} [{string.Join(", ", shape)}] takes {expected} bytes, but its offsets are {begin} to {end}.");
        return new(name, type, shape, dataStart + begin, expected);
    }

    private static void RequireNoHoles(List<SafetensorsEntry> entries, long dataStart, long fileLength, string path)
    {
        var position = dataStart;
        foreach (var entry in entries)
        {
            if (entry.Offset < position) throw Bad(path, $"tensor {entry.Name} overlaps the one before it.");
            if (entry.Offset > position) throw Bad(path, $"there are {entry.Offset - position} bytes before tensor {entry.Name} that belong to none.");
            position += entry.Length;
        }
        if (position > fileLength) throw Bad(path, $"its tensors end at byte {position}, but the file ends at {fileLength}. The file is truncated.");
        if (position < fileLength) throw Bad(path, $"its tensors end at byte {position}, but the file goes on to {fileLength}.");
    }

    private static TrainingException Bad(string path, string what) => new(TrainingErrors.BadSafetensors, $"{path}: {what}");
}
