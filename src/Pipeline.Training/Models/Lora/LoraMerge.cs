using System.Text.Json;
using Pipeline.Training.Safetensors;
using static Pipeline.Training.Models.Lora.PeftNames;
using static TorchSharp.torch;

namespace Pipeline.Training.Models.Lora;

/// <summary>
/// Adds a low-rank adapter (LoRA, arXiv:2106.09685) in PEFT's layout to the weights it was trained beside. Variants of LoRA
/// that would give other weights are refused.
/// </summary>
public static class LoraMerge
{
    /// <summary>W becomes W + scale * B A for every weight that the adapter has a pair for.</summary>
    /// <param name="model">The base, float32; changed whole or not at all.</param>
    /// <param name="folder">With adapter_config.json and adapter_model.safetensors.</param>
    /// <exception cref="TrainingException">The folder is no adapter, not one of this model, or of a variant that is not supported.</exception>
    public static void Into(nn.Module model, string folder)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        var scale = ReadScale(folder);
        var path = Path.Combine(folder, WeightsFile);
        var tensors = SafetensorsFile.Read(path);
        var weights = ModelWeights.Of(model);
        var pairs = tensors.Keys.Where(name => name.EndsWith(Down, StringComparison.Ordinal))
            .Select(name => Pair(name[..^Down.Length])).ToList();
        if (tensors.Count != 2 * pairs.Count || pairs.Count == 0)
            throw Wrong($"has {tensors.Count} tensors, of which {pairs.Count} pairs of lora_A and lora_B. Only such pairs can be merged.");
        foreach (var (weight, up, down, rank) in pairs) weight.add_(up.matmul(down), scale(rank));

        (Tensor Weight, Tensor Up, Tensor Down, long Rank) Pair(string stem)
        {
            var name = (stem.StartsWith(Prefix, StringComparison.Ordinal) ? stem[Prefix.Length..] : stem) + ".weight";
            if (!weights.TryGetValue(name, out var weight)) throw Wrong($"adapts {name}, which the model does not have.");
            if (!tensors.TryGetValue(stem + Up, out var up)) throw Wrong($"has {stem}{Down} but no {stem}{Up}.");
            var (b, a) = (up.to(ScalarType.Float32), tensors[stem + Down].to(ScalarType.Float32));
            if (a.Dimensions != 2 || b.Dimensions != 2 || b.shape[1] != a.shape[0] || b.shape[0] != weight.shape[0] || a.shape[1] != weight.shape[1])
                throw Wrong($"has [{string.Join(", ", b.shape)}] times [{string.Join(", ", a.shape)}] for {name}, which is [{string.Join(", ", weight.shape)}].");
            return (weight, b.to(weight.device), a.to(weight.device), a.shape[0]);
        }

        TrainingException Wrong(string what) => new(TrainingErrors.WrongTensors, $"{path} {what} Is it an adapter of this model?");
    }

    /// <summary>The scale of a pair by its rank: alpha / r, or alpha / sqrt(r) where the adapter is rank-stabilized.</summary>
    private static Func<long, double> ReadScale(string folder)
    {
        var path = Path.Combine(folder, ConfigFile);
        if (!File.Exists(path)) throw new TrainingException(TrainingErrors.NotFound, $"{folder} has no {ConfigFile}: it is no PEFT adapter.");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            var root = document.RootElement;
            if (root.GetProperty("peft_type").GetString() is var type and not "LORA") throw Unsupported($"peft_type is {type}; supported is LORA.");
            foreach (var name in (string[])["use_dora", "fan_in_fan_out", "modules_to_save", "rank_pattern", "alpha_pattern"])
                if (root.TryGetProperty(name, out var value) && IsSet(value)) throw Unsupported($"{name} is {value.GetRawText()}; only plain LoRA can be merged.");
            if (root.TryGetProperty("bias", out var bias) && bias.GetString() is var which and not "none") throw Unsupported($"bias is {which}; supported is none.");
            var alpha = root.GetProperty("lora_alpha").GetDouble();
            var stabilized = root.TryGetProperty("use_rslora", out var flag) && IsSet(flag); // arXiv:2312.03732
            return rank => alpha / (stabilized ? Math.Sqrt(rank) : rank);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new TrainingException(TrainingErrors.BadConfig, $"{path}: {e.Message}", e);
        }

        TrainingException Unsupported(string what) => new(TrainingErrors.Unsupported, $"{path}: {what}");
    }

    private static bool IsSet(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.Object => value.EnumerateObject().Any(),
        _ => false,
    };
}
