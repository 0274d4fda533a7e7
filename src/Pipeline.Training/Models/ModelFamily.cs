namespace Pipeline.Training.Models;

/// <summary>The model families of Hugging Face's transformers that <see cref="Transformer"/> implements.</summary>
public enum ModelFamily
{
    /// <summary><c>llama</c>, versions 2 and 3: no projection has a bias.</summary>
    Llama,

    /// <summary><c>qwen2</c>, also 2.5: query, key and value projections have a bias.</summary>
    Qwen2,

    /// <summary><c>qwen3</c>: no bias, but queries and keys are normalized head by head.</summary>
    Qwen3,
}
