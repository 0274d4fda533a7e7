using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Training.Tests.Models;

/// <summary>The released models, from the numbers of their config.json, on the meta device: names, shapes and totals without a byte of weights.</summary>
public sealed class PublishedModelTests
{
    private const string Llama = """
        { "model_type": "llama", "hidden_act": "silu", "attention_bias": false, "mlp_bias": false, "vocab_size": 128256, "hidden_size": 2048,
          "intermediate_size": 8192, "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 64,
          "max_position_embeddings": 131072, "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "tie_word_embeddings": true,
          "rope_scaling": { "factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0, "original_max_position_embeddings": 8192, "rope_type": "llama3" } }
        """;

    private const string Qwen2 = """
        { "model_type": "qwen2", "hidden_act": "silu", "vocab_size": 151936, "hidden_size": 1536, "intermediate_size": 8960,
          "num_hidden_layers": 28, "num_attention_heads": 12, "num_key_value_heads": 2, "max_position_embeddings": 131072, "max_window_layers": 28,
          "sliding_window": 131072, "use_sliding_window": false, "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "tie_word_embeddings": true }
        """;

    private const string Qwen3 = """
        { "model_type": "qwen3", "hidden_act": "silu", "attention_bias": false, "vocab_size": 151936, "hidden_size": 1024, "intermediate_size": 3072,
          "num_hidden_layers": 28, "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "max_position_embeddings": 40960,
          "max_window_layers": 28, "rope_scaling": null, "sliding_window": null, "use_sliding_window": false, "rms_norm_eps": 1e-06,
          "rope_theta": 1000000, "tie_word_embeddings": true }
        """;

    // Llama: embedding 128,256 * 2,048 = 262,668,288; a layer 2,048 * (2,048 + 512 + 512 + 2,048 + 3 * 8,192) + 2 * 2,048 = 60,821,504,
    // sixteen of them 973,144,064; the last norm 2,048. The totals are those published with the weights.
    [TestCase(Llama, 1_235_814_400, 16 * 9 + 2, "self_attn.k_proj.weight 512x2048")]
    [TestCase(Qwen2, 1_543_714_304, 28 * 12 + 2, "self_attn.v_proj.bias 256")]
    [TestCase(Qwen3, 596_049_920, 28 * 11 + 2, "self_attn.q_norm.weight 128", "self_attn.q_proj.weight 2048x1024")]
    public void Parameters_OfAPublishedConfig_AddUpToThePublishedTotal(string config, long total, int tensors, params string[] ofLayerSeven)
    {
        using var model = new LanguageModel(ModelConfigJson.Parse(config, "config.json"), seed: null, META);
        var weights = ModelWeights.Of(model);
        Assert.That(weights.Values.Sum(weight => weight.numel()), Is.EqualTo(total));
        Assert.That(weights, Has.Count.EqualTo(tensors));
        var shapes = weights.Select(weight => $"{weight.Key} {string.Join("x", weight.Value.shape)}").ToList();
        foreach (var one in ofLayerSeven) Assert.That(shapes, Does.Contain("model.layers.7." + one));
    }

    [Test]
    public void RopeScaling_OfTheObjectThatTransformers5Writes_IsReadFromThere()
    {
        var config = ModelConfigJson.Parse("""
            { "model_type": "llama", "vocab_size": 8, "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2,
              "rope_parameters": { "rope_theta": 1234.0, "rope_type": "linear", "factor": 4.0 } }
            """, "config.json");
        Assert.That((config.RopeTheta, config.RopeScaling), Is.EqualTo((1234.0, (RopeScaling?)new RopeScaling.Linear(4))));
    }
}
