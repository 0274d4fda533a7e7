namespace Pipeline.Protocol.Artifacts;

/// <summary>What an artifact is. Strings, so that outside programs can add kinds of their own.</summary>
public static class ArtifactKind
{
    /// <summary>A folder of Parquet files, or one such file.</summary>
    public const string Dataset = "dataset";

    /// <summary>A Hugging Face model folder: weights, configuration, tokenizer and chat template.</summary>
    public const string Model = "model";

    /// <summary>A folder with a tokenizer and its chat template.</summary>
    public const string Tokenizer = "tokenizer";

    /// <summary>A folder with an evaluation's <c>evaluation.json</c> and its graded completions.</summary>
    public const string Evaluation = "evaluation";

    /// <summary>A folder with a rejection sampling's <c>funnel.json</c>.</summary>
    public const string Funnel = "funnel";

    /// <summary>Any other file or folder.</summary>
    public const string File = "file";
}
