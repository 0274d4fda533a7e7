using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Training.Models;
using Pipeline.Training.Storage;
using static TorchSharp.torch;

namespace Pipeline.Training.Safetensors;

/// <summary>The weights of a model folder: one file, or several under an index.</summary>
internal static class SafetensorsShards
{
    public const string SingleFile = "model.safetensors";
    public const string Index = "model.safetensors.index.json";

    /// <exception cref="TrainingException">Neither is there, or a file is damaged, or the index names what a file does not have.</exception>
    public static Dictionary<string, StoredTensor> Locate(string folder)
    {
        var index = Path.Combine(folder, Index);
        if (!File.Exists(index)) return ByName(SafetensorsFile.Locate(Path.Combine(folder, SingleFile)));

        var map = ReadMap(index);
        var tensors = new Dictionary<string, StoredTensor>();
        foreach (var shard in map.GroupBy(entry => entry.Value))
        {
            // Only a name, never a path: an index must not reach outside its folder.
            var read = ByName(SafetensorsFile.Locate(Path.Combine(folder, Path.GetFileName(shard.Key))));
            foreach (var (name, _) in shard)
                tensors[name] = read.TryGetValue(name, out var tensor) ? tensor
                    : throw new TrainingException(TrainingErrors.WrongTensors, $"{index} says that {name} is in {shard.Key}, which does not have it.");
        }
        return tensors;
    }

    /// <summary>Writes one file, or several under an index where they would be larger than <paramref name="format"/> allows.</summary>
    /// <exception cref="TrainingException">The disk is full.</exception>
    public static void Write(string folder, IReadOnlyDictionary<string, Tensor> tensors, ModelFormat format)
    {
        var shards = Split(tensors, format);
        var names = Enumerable.Range(1, shards.Count).Select(n => shards.Count == 1 ? SingleFile : $"model-{n:D5}-of-{shards.Count:D5}.safetensors").ToList();
        var map = new JsonObject();
        foreach (var (name, shard) in names.Zip(shards))
        {
            DurableFile.Write(Path.Combine(folder, name), stream => SafetensorsFile.Write(stream, shard, format.Type));
            foreach (var tensor in shard.Keys) map[tensor] = name;
        }

        // The index comes last, and is gone where it would lead to the files of a former model.
        var index = Path.Combine(folder, Index);
        if (shards.Count == 1) File.Delete(index);
        else
            DurableFile.Write(index, stream => JsonSerializer.Serialize(stream, new JsonObject
            {
                ["metadata"] = new JsonObject { ["total_size"] = tensors.Values.Sum(tensor => Bytes(tensor, format)) },
                ["weight_map"] = map,
            }));
    }

    private static List<Dictionary<string, Tensor>> Split(IReadOnlyDictionary<string, Tensor> tensors, ModelFormat format)
    {
        var (shards, size) = (new List<Dictionary<string, Tensor>> { new() }, 0L);
        foreach (var (name, tensor) in tensors)
        {
            var bytes = Bytes(tensor, format);
            if (size > 0 && size + bytes > format.ShardBytes)
            {
                shards.Add([]);
                size = 0;
            }
            shards[^1].Add(name, tensor);
            size += bytes;
        }
        return shards;
    }

    private static long Bytes(Tensor tensor, ModelFormat format) => tensor.numel() * SafetensorsDtype.Size(format.Type);

    private static Dictionary<string, StoredTensor> ByName(IEnumerable<StoredTensor> tensors) => tensors.ToDictionary(tensor => tensor.Entry.Name);

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
