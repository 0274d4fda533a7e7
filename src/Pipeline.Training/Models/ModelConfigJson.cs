using System.Text.Json;
using System.Text.Json.Nodes;
using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>
/// <see cref="ModelConfig"/> from and to Hugging Face's config.json. What would change the numbers and is not
/// implemented here (other scalings of the rotary embedding, sliding windows, other activations) is refused, never ignored.
/// </summary>
public static class ModelConfigJson
{
    /// <param name="json">The text of a config.json.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="TrainingException">Not JSON, a value missing or impossible, or a model that is not implemented.</exception>
    public static ModelConfig Parse(string json, string source)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, source).Validate();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new TrainingException(TrainingErrors.BadConfig, $"{source}: {e.Message}", e);
        }
    }

    /// <summary>A config.json that transformers, vLLM and llama.cpp read.</summary>
    /// <param name="config">What to write.</param>
    /// <param name="head">The head the weights end in.</param>
    /// <param name="generation">Whose token ids are repeated here, where some readers look for them.</param>
    /// <param name="type">Of the weights in the files.</param>
    public static JsonObject Write(ModelConfig config, ModelHead head, GenerationConfig generation, ScalarType type)
    {
        var family = config.Family.ToString();
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray($"{family}For{(head == ModelHead.LanguageModel ? "CausalLM" : "SequenceClassification")}"),
            ["model_type"] = family.ToLowerInvariant(),
            ["vocab_size"] = config.VocabSize,
            ["hidden_size"] = config.HiddenSize,
            ["intermediate_size"] = config.IntermediateSize,
            ["num_hidden_layers"] = config.Layers,
            ["num_attention_heads"] = config.Heads,
            ["num_key_value_heads"] = config.KeyValueHeads,
            ["head_dim"] = config.HeadDim,
            ["hidden_act"] = "silu",
            ["max_position_embeddings"] = config.MaxPositions,
            ["rms_norm_eps"] = config.RmsNormEpsilon,
            ["rope_theta"] = config.RopeTheta,
            ["tie_word_embeddings"] = config.TieEmbeddings,
            ["initializer_range"] = config.InitializerRange,
            ["torch_dtype"] = type.ToString().ToLowerInvariant(),
        };
        if (config.RopeScaling is { } scaling) json["rope_scaling"] = Write(scaling);
        generation.WriteTokensTo(json);
        if (head == ModelHead.SequenceClassifier)
        {
            // transformers derives num_labels from the number of entries here.
            json["id2label"] = new JsonObject { ["0"] = "score" };
            json["label2id"] = new JsonObject { ["score"] = 0 };
        }
        return json;
    }

    private static ModelConfig Read(JsonElement root, string source)
    {
        var family = Text(root, "model_type") switch
        {
            "llama" => ModelFamily.Llama,
            "qwen2" => ModelFamily.Qwen2,
            "qwen3" => ModelFamily.Qwen3,
            var other => throw Unsupported($"model_type is {other ?? "missing"}; supported are llama (2 and 3), qwen2 (also 2.5) and qwen3."),
        };
        if (Text(root, "hidden_act") is { } act and not "silu") throw Unsupported($"hidden_act is {act}; supported is silu.");
        // It would give the output projection a bias too, unlike Qwen2's, which is not a setting.
        if (family != ModelFamily.Qwen2 && Flag(root, "attention_bias"))
            throw Unsupported($"attention_bias is true; supported is false, as in every released {family}, and Qwen2 with its own three biases.");
        if (Flag(root, "mlp_bias")) throw Unsupported("mlp_bias is true; only feed-forward layers without bias are supported.");
        if (Flag(root, "use_sliding_window")) throw Unsupported("use_sliding_window is true; only full attention is supported.");

        // Transformers 5 moved rope_theta and the scaling into one object.
        var rope = Object(root, "rope_parameters") ?? Object(root, "rope_scaling");
        var heads = Int(root, "num_attention_heads") ?? throw Missing("num_attention_heads");
        return new ModelConfig
        {
            Family = family,
            VocabSize = Int(root, "vocab_size") ?? throw Missing("vocab_size"),
            HiddenSize = Int(root, "hidden_size") ?? throw Missing("hidden_size"),
            IntermediateSize = Int(root, "intermediate_size") ?? throw Missing("intermediate_size"),
            Layers = Int(root, "num_hidden_layers") ?? throw Missing("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = Int(root, "num_key_value_heads") ?? heads,
            HeadDim = Int(root, "head_dim") ?? (family == ModelFamily.Qwen3 ? 128 : 0), // transformers' own default
            RmsNormEpsilon = Number(root, "rms_norm_eps") ?? 1e-6,
            RopeTheta = Number(root, "rope_theta") ?? (rope is { } found ? Number(found, "rope_theta") : null) ?? 10_000,
            RopeScaling = rope is { } scaling ? ReadScaling(scaling) : null,
            MaxPositions = Int(root, "max_position_embeddings") ?? 2_048,
            TieEmbeddings = Flag(root, "tie_word_embeddings"),
            InitializerRange = Number(root, "initializer_range") ?? 0.02,
        };

        TrainingException Unsupported(string what) => new(TrainingErrors.Unsupported, $"{source}: {what}");
        TrainingException Missing(string name) => new(TrainingErrors.BadConfig, $"{source}: {name} is missing.");

        RopeScaling? ReadScaling(JsonElement rope)
        {
            return (Text(rope, "rope_type") ?? Text(rope, "type")) switch
            {
                null or "default" => null,
                "linear" => new RopeScaling.Linear(Of("factor")),
                "llama3" => new RopeScaling.Llama3(Of("factor"), Of("low_freq_factor"), Of("high_freq_factor"), (int)Of("original_max_position_embeddings")),
                var other => throw Unsupported($"rope_type is {other}; supported are default, linear and llama3."),
            };

            double Of(string name) => Number(rope, name) ?? throw Missing("rope_scaling's " + name);
        }
    }

    private static JsonObject Write(RopeScaling scaling) => scaling switch
    {
        RopeScaling.Linear linear => new() { ["rope_type"] = "linear", ["factor"] = linear.Factor },
        RopeScaling.Llama3 llama => new()
        {
            ["rope_type"] = "llama3",
            ["factor"] = llama.Factor,
            ["low_freq_factor"] = llama.LowFrequency,
            ["high_freq_factor"] = llama.HighFrequency,
            ["original_max_position_embeddings"] = llama.OriginalPositions,
        },
        _ => throw new NotSupportedException($"{scaling.GetType().Name} has no name in config.json."),
    };

    private static JsonElement? Property(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static JsonElement? Object(JsonElement root, string name) => Property(root, name) is { ValueKind: JsonValueKind.Object } o ? o : null;

    private static string? Text(JsonElement root, string name) => Property(root, name)?.GetString();

    private static int? Int(JsonElement root, string name) => Property(root, name)?.GetInt32();

    private static double? Number(JsonElement root, string name) => Property(root, name)?.GetDouble();

    private static bool Flag(JsonElement root, string name) => Property(root, name)?.GetBoolean() ?? false;
}
