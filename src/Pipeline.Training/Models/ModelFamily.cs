namespace Pipeline.Training.Models;

/// <summary>The model families of Hugging Face's transformers that <see cref="Transformer"/> implements.</summary>
public enum ModelFamily
{
    /// <summary><c>llama</c>: no projection has a bias.</summary>
    Llama,

    /// <summary><c>qwen2</c>: query, key and value projections have a bias.</summary>
    Qwen2,
}
