using static TorchSharp.torch;

namespace Pipeline.Training.Models;

/// <summary>How the weights of a model lie in its folder.</summary>
/// <param name="Type">Of every weight. Default float32, as they are trained; float16 and bfloat16 round.</param>
/// <param name="ShardBytes">Weights beyond this go into a further file, under an index. Default 5 GB, as in transformers.</param>
public sealed record ModelFormat(ScalarType Type = ScalarType.Float32, long ShardBytes = 5_000_000_000);
