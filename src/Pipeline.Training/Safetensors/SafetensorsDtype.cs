using static TorchSharp.torch;

namespace Pipeline.Training.Safetensors;

/// <summary>The element types that are read and written, by their names in the format.</summary>
internal static class SafetensorsDtype
{
    public const string Supported = "F32, F16, BF16 and I64";

    public static ScalarType? Parse(string name) => name switch
    {
        "F32" => ScalarType.Float32,
        "F16" => ScalarType.Float16,
        "BF16" => ScalarType.BFloat16,
        "I64" => ScalarType.Int64,
        _ => null,
    };

    public static string Name(ScalarType type) => type switch
    {
        ScalarType.Float32 => "F32",
        ScalarType.Float16 => "F16",
        ScalarType.BFloat16 => "BF16",
        ScalarType.Int64 => "I64",
        _ => throw new NotSupportedException($"A tensor of type {type} is not written; supported are {Supported}."),
    };

    /// <summary>Bytes of one element.</summary>
    public static long Size(ScalarType type) => type switch
    {
        ScalarType.Int64 => 8,
        ScalarType.Float32 => 4,
        _ => 2,
    };
}
