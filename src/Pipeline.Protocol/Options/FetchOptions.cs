using System.ComponentModel.DataAnnotations;

namespace Pipeline.Protocol.Options;

/// <summary>Fetches a repository of the Hugging Face Hub at one commit. <c>hf:</c> and <c>hf-dataset:</c> in the place of a path make such a stage.</summary>
public abstract record FetchOptions
{
    /// <summary>Owner and name, such as <c>Qwen/Qwen2.5-1.5B</c>.</summary>
    [Required] public string Repository { get; init; } = "";

    /// <summary>The commit, all 40 hexadecimal digits: a branch would be another model tomorrow.</summary>
    [Required] public string Revision { get; init; } = "";
}

/// <summary>Fetches a model: weights in safetensors, configuration, tokenizer, chat template, licence.</summary>
public sealed record FetchModelOptions : FetchOptions
{
    /// <summary>
    /// The files, as paths in which <c>*</c> stands for any letters but the slash. Default those that a model folder is made of,
    /// from the top of the repository.
    /// </summary>
    [MinLength(1)]
    public IReadOnlyList<string> Files { get; init; } =
    [
        "*.safetensors", "*.safetensors.index.json", "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt", "chat_template.jinja", "README.md", "LICENSE*", "USE_POLICY.md",
    ];
}

/// <summary>Fetches a dataset. Files of folders come to lie side by side, <c>data/a.parquet</c> as <c>data-a.parquet</c>.</summary>
public sealed record FetchDatasetOptions : FetchOptions
{
    /// <summary>
    /// The files, as paths in which <c>*</c> stands for any letters but the slash. Default Parquet at the top of the repository
    /// and in its folder <c>data</c>.
    /// </summary>
    [MinLength(1)]
    public IReadOnlyList<string> Files { get; init; } = ["*.parquet", "data/*.parquet"];
}
