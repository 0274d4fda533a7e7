using System.Text.Json.Nodes;
using Pipeline.Protocol.Options;

namespace Pipeline.Spec.Estimates;

/// <summary>The shape of a decoder of the Llama family, as far as its cost depends on it.</summary>
/// <param name="Vocabulary">Tokens; 0 if nobody knows yet, then embedding and output head are left out.</param>
/// <param name="Hidden">Width of the residual stream.</param>
/// <param name="Intermediate">Width of the feed-forward layer.</param>
/// <param name="Layers">Decoder layers.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KvHeads">Key and value heads.</param>
/// <param name="HeadDim">Width of a head.</param>
/// <param name="TieEmbeddings">Whether the output head is the embedding.</param>
/// <param name="AttentionBias">Whether queries, keys and values have a bias (Qwen2).</param>
/// <param name="QueryKeyNorm">Whether queries and keys are normalized (Qwen3).</param>
public sealed record ModelSize(
    long Vocabulary, long Hidden, long Intermediate, int Layers, int Heads, int KvHeads, int HeadDim,
    bool TieEmbeddings, bool AttentionBias = false, bool QueryKeyNorm = false)
{
    /// <summary>Width of all query heads.</summary>
    public long Query => (long)Heads * HeadDim;

    /// <summary>Width of all key heads, and of all value heads.</summary>
    public long KeyValue => (long)KvHeads * HeadDim;

    /// <summary>Weights of the matrices of one layer.</summary>
    public long LayerMatrices => Hidden * Query + 2 * Hidden * KeyValue + Query * Hidden + 3 * Hidden * Intermediate;

    /// <summary>Weights of the output head.</summary>
    public long Head => Vocabulary * Hidden;

    /// <summary>All weights.</summary>
    public long Parameters => Layers * (LayerMatrices + 2 * Hidden + (AttentionBias ? Query + 2 * KeyValue : 0) + (QueryKeyNorm ? 2 * HeadDim : 0))
        + Hidden + Head * (TieEmbeddings ? 1 : 2);

    /// <summary>Weights of an adapter of one rank on the targets.</summary>
    public long Adapter(LoraOptions lora) => Layers * (long)lora.Rank * lora.Targets.Distinct().Sum(target => target switch
    {
        LoraTarget.QProj or LoraTarget.OProj => Hidden + Query,
        LoraTarget.KProj or LoraTarget.VProj => Hidden + KeyValue,
        _ => Hidden + Intermediate,
    });

    /// <summary>The model that a stage makes from nothing.</summary>
    public static ModelSize Of(ModelShape shape, long vocabulary) => new(
        vocabulary, shape.Hidden, shape.Intermediate, shape.Layers, shape.Heads, shape.KvHeads, shape.Hidden / shape.Heads, shape.TieEmbeddings);

    /// <summary>The model of a config.json; null if a size is missing.</summary>
    public static ModelSize? Of(JsonObject config)
    {
        if (Number("hidden_size") is not { } hidden || Number("intermediate_size") is not { } intermediate || Number("num_hidden_layers") is not { } layers
            || Number("num_attention_heads") is not (> 0 and var heads) || Number("vocab_size") is not { } vocabulary) return null;
        var family = config["model_type"]?.ToString();
        return new ModelSize(vocabulary, hidden, intermediate, (int)layers, (int)heads, (int)(Number("num_key_value_heads") ?? heads),
            (int)(Number("head_dim") ?? hidden / heads), config["tie_word_embeddings"] is JsonValue tied && tied.TryGetValue<bool>(out var isTied) && isTied,
            AttentionBias: family == "qwen2", QueryKeyNorm: family == "qwen3");

        long? Number(string name) => config[name] is JsonValue value && value.TryGetValue<long>(out var number) ? number : null;
    }
}
