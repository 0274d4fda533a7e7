using System.Text.Json;
using static TorchSharp.torch;

namespace Pipeline.Training.Safetensors;

/// <summary>The weights of a model folder: one file, or several under an index.</summary>
internal static class SafetensorsShards
{
    public const string SingleFile = "model.safetensors";
    private const string Index = "model.safetensors.index.json";

    /// <exception cref="TrainingException">Neither is there, or a file is damaged, or the index names what a file does not have.</exception>
    public static Dictionary<string, Tensor> Read(string folder)
    {
        var index = Path.Combine(folder, Index);
        if (!File.Exists(index)) return SafetensorsFile.Read(Path.Combine(folder, SingleFile));

        var map = ReadMap(index);
        var tensors = new Dictionary<string, Tensor>();
        foreach (var shard in map.GroupBy(entry => entry.Value))
        {
            // Only a name, never a path: an index must not reach outside its folder.
            var read = SafetensorsFile.Read(Path.Combine(folder, Path.GetFileName(shard.Key)));
            foreach (var (name, _) in shard)
                tensors[name] = read.TryGetValue(name, out var tensor) ? tensor
                    : throw new TrainingException(TrainingErrors.WrongTensors, $"{index} says that {name} is in {shard.Key}, which does not have it.");
        }
        return tensors;
    }

    private static Dictionary<string, string> ReadMap(string index)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(index));
            return document.RootElement.GetProperty("weight_map").EnumerateObject()
                .ToDictionary(p => p.Name, p => p.Value.GetString() ?? throw new FormatException($"{p.Name} has no file."));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new TrainingException(TrainingErrors.BadSafetensors, $"{index}: {e.Message}", e);
        }
    }
}
