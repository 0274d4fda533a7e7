using System.CommandLine;
using Pipeline.Training.Models;
using static TorchSharp.torch;

namespace Pipeline.Stages.ModelFolders;

/// <summary>What several of the <c>model</c> verbs take.</summary>
internal static class ModelArguments
{
    private static readonly Dictionary<string, ScalarType> s_types = new(StringComparer.Ordinal)
    {
        ["float32"] = ScalarType.Float32, ["float16"] = ScalarType.Float16, ["bfloat16"] = ScalarType.BFloat16,
    };

    public static Argument<string> Folder(string description) => new("folder") { Description = description };

    public static Option<string> Output() => new("--output", "-o") { Description = "The folder to write; new or empty.", Required = true };

    public static Option<string> Type()
    {
        var option = new Option<string>("--dtype") { Description = "Type of the weights: float32, float16 or bfloat16.", DefaultValueFactory = _ => "float32" };
        option.AcceptOnlyFromAmong([.. s_types.Keys]);
        return option;
    }

    public static Option<long> ShardMegabytes() => new("--shard-mb")
    {
        Description = "Weights beyond this many million bytes go into a further file, under an index.", DefaultValueFactory = _ => 5_000,
    };

    public static ModelFormat Format(string type, long shardMegabytes) => new(s_types[type], shardMegabytes * 1_000_000);
}
